"""The exercises of lesson 9.12, Train a Convnet."""

from collections import Counter

import numpy as np
from scipy import special

from .. import nn
from ..autodiff import Tensor
from ..datasets import batches
from ..training import SGD
from . import exercise
from .agree import brief
from .attempts import Raised, does_nothing, from_line_of_attempt
from .telltales import misshapen


@exercise(tolerance=0)
def sizes():
    return [28, 14, 10, 5, 400]


@sizes.slips
def _(slip):
    first = 28
    if slip("With 2 pixels of padding at each end, the first convolution keeps the size."):
        first = 24
    pooled = first // 2
    if slip("A max pooling over 2 x 2 halves the side."):
        pooled = first - 1
    second = pooled - 4
    if slip("The second convolution has no padding: a kernel of 5 loses 4 pixels, 2 at each end."):
        second = pooled
    if slip("A kernel of 5 fits into n pixels at n - 4 places, not at n - 5."):
        second -= 1
    last = second // 2 if pooled == first // 2 else second - 1
    maps = 16
    if slip("The vector has the pixels of all 16 maps."):
        maps = 1
    if slip("There are 16 maps at the end. 6 is the number after the first convolution."):
        maps = 6
    return [first, pooled, second, last, maps * last**2]


@sizes.mistake("Those are numbers of maps. Asked for is how many pixels wide the maps are.")
def _():
    return [6, 6, 16, 16, 400]


@sizes.mistake("There are five numbers, one after each convolution and pooling, without the 28 that comes in.")
def _():
    return [28, 28, 14, 10, 5]


def described(layer):
    """Return a layer as it is written, without its options."""
    name = type(layer).__name__
    if isinstance(layer, nn.Conv2d):
        numbers = [layer.in_channels, layer.out_channels, layer.kernel_size[0]]
        stride = "" if layer.stride == (1, 1) else f", stride {layer.stride[0]}"
        return f"{name}({', '.join(map(str, numbers))}), padding {layer.padding[0][0]}{stride}"
    if isinstance(layer, nn.Linear):
        return f"{name}({layer.in_features}, {layer.out_features})"
    return f"{name}({layer.kernel_size[0]})" if isinstance(layer, nn.MaxPool2d) else f"{name}()"


def described_all(net):
    if net is ...:
        return ...
    if isinstance(net, (list, tuple)):
        raise ValueError("these are the layers: put them into nn.Sequential(...)")
    if not isinstance(net, nn.Sequential):
        raise ValueError(f"lenet returns nn.Sequential(...), and yours returned {brief(net)}")
    if any(p.data.dtype != np.float64 for p in net.parameters()):
        raise ValueError("some weights have 32 bits: give **options to every layer with weights")
    return [described(layer) for layer in net]


@exercise((0,), (1,))
def layers(seed):
    first = ["Conv2d(1, 6, 5), padding 2", "ReLU()", "MaxPool2d(2)"]
    second = ["Conv2d(6, 16, 5), padding 0", "ReLU()", "MaxPool2d(2)", "Flatten()"]
    dense = ["Linear(400, 120)", "ReLU()", "Linear(120, 84)", "ReLU()", "Linear(84, 10)"]
    return first + second + dense


layers.name = "lenet"


@layers.slips
def _(slip, seed):
    found = layers.reference(seed)
    if slip("The first convolution needs padding=2, so that 28 pixels stay 28."):
        found[0] = found[0].replace("padding 2", "padding 0")
    if slip("Only the first convolution has padding."):
        found[3] = found[3].replace("padding 0", "padding 2")
    if slip("The second convolution sees the 6 maps of the first: nn.Conv2d(6, 16, 5, ...)."):
        found[3] = found[3].replace("(6,", "(1,")
    if slip("The dense layers see a vector: nn.Flatten() comes before the first of them."):
        found.remove("Flatten()")
    if slip("Without a ReLU between them, two dense layers are one linear map."):
        found = found[:-5] + [line for line in found[-5:] if line != "ReLU()"]
    if slip("No ReLU at the end: the scores of the classes may be negative."):
        found.append("ReLU()")
    if slip("After each convolution, a ReLU comes before the pooling."):
        found = [line for n, line in enumerate(found) if line != "ReLU()" or "Conv" not in found[n - 1]]
    return found


@layers.mistake("Right up to the convolutions. The three dense layers are still missing.")
def _(seed):
    return layers.reference(seed)[:-5]


@layers.mistake("Each convolution is followed by a ReLU and by nn.MaxPool2d(2).")
def _(seed):
    return [line for line in layers.reference(seed) if line != "MaxPool2d(2)"]


@layers.mistake("The first convolution needs padding=2. Then 28 pixels stay 28, and the vector has 400 numbers.")
def _(seed):
    found = layers.reference(seed)
    return ["Conv2d(1, 6, 5), padding 0", *found[1:7], "Linear(256, 120)", *found[8:]]


@layers.mistake("The fourth argument of nn.Conv2d is the stride: write padding=2 by its name.")
def _(seed):
    return ["Conv2d(1, 6, 5), padding 0, stride 2", *layers.reference(seed)[1:]]


def lenet(attempt):
    """Print the verdict on a function of `rng` that builds the network."""
    layers(played_by(attempt, lambda seed: described_all(attempt(np.random.default_rng(seed)))))


def played_by(attempt, play):
    """Return `play`, with what it raises told by lines of the attempt; a stub or a value as it is."""
    if not callable(attempt) or does_nothing(attempt):
        return attempt

    def answer(case):
        try:
            return play(case)
        except Exception as error:
            return Raised(from_line_of_attempt(error, __file__))

    return answer


X = np.array([[1.0, 0.5], [-0.5, 2.0], [0.3, -1.0], [2.0, 1.0], [-1.0, -0.2], [0.7, 0.1]])
Y = np.array([0, 2, 1, 2, 0, 1])


def played(attempt, steps):
    """Return the losses of so many steps on a small network, and the weights after them."""
    net = nn.Sequential(nn.Linear(2, 3, rng=np.random.default_rng(3), dtype=np.float64))
    optimizer = SGD(net.parameters(), lr=0.5)
    losses = []
    for step in range(steps):
        part = slice(2 * step, 2 * step + 2)
        losses.append(attempt(net, optimizer, X[part], Y[part]))
        if losses[-1] is ...:
            return ...
        if losses[-1] is None:
            raise ValueError("train_step returned nothing: end in `return loss.item()`")
    return losses, net[0].weight.numpy()


@exercise({"one step": (1,)}, {"three steps": (3,)})
def steps(count):
    """By hand: the gradient of the loss with respect to the scores is (p - one hot) / n."""
    layer = nn.Linear(2, 3, rng=np.random.default_rng(3), dtype=np.float64)
    W, b, losses = layer.weight.numpy().copy(), layer.bias.numpy().copy(), []
    for step in range(count):
        x, y = X[2 * step : 2 * step + 2], Y[2 * step : 2 * step + 2]
        p = special.softmax(x @ W + b, axis=1)
        losses.append(-np.mean(np.log(p[[0, 1], y])))
        slopes = (p - np.eye(3)[y]) / 2
        W, b = W - 0.5 * x.T @ slopes, b - 0.5 * slopes.sum(axis=0)
    return losses, W


steps.name = "train_step"


@steps.slips
def _(slip, count):
    def step(net, optimizer, x, y):
        scores = net(Tensor(x))
        if slip("cross_entropy takes the scores as they are: it has the softmax inside."):
            scores = Tensor(special.softmax(scores.data, axis=1)) + 0 * scores
        loss = nn.cross_entropy(scores, y)
        if not slip("Gradients add up from step to step: call optimizer.zero_grad() before backward."):
            optimizer.zero_grad()
        loss.backward()
        if not slip("The weights never change: optimizer.step() is missing, or zero_grad() comes right before it."):
            optimizer.step()
        if slip("The loss is computed anew after the step: return the one from before."):
            return nn.cross_entropy(net(Tensor(x)), y).item()
        if slip("Return the loss, not the number of right ones or a sum over the batch."):
            return 2 * loss.item()
        return loss.item()

    return played(step, count)


def train_step(attempt):
    """Print the verdict on a training step."""

    steps(played_by(attempt, lambda count: played(attempt, count)))


def few(n, seed):
    """Return a linear network with n examples of four numbers, and labels that it often gets right."""
    rng = np.random.default_rng(seed)
    net = nn.Linear(4, 3, rng=rng)
    x = rng.normal(size=(n, 4)).astype(np.float32)
    y = (x @ net.weight.numpy()).argmax(axis=1)
    other = rng.random(n) < 0.3
    return net, x, np.where(other, rng.integers(3, size=n), y)


@exercise({"one batch": few(7, 0)}, {"three batches": few(600, 1)}, {"two batches": few(300, 2)})
def accuracy(net, x, y):
    return sum(int(np.argmax(row)) == label for row, label in zip(x @ net.weight.numpy(), y, strict=True)) / len(y)


@accuracy.slips
def _(slip, net, x, y):
    wrong = slip("That is the fraction that is wrong.")
    size = 250
    first_only = slip("Only the first batch is counted: return after the loop, not within it.")
    counts, totals = [], []
    for images, labels in batches(x, y, size):
        scores = net(Tensor(images)).numpy()
        if slip("argmax over the classes is argmax(axis=1): a row belongs to one image."):
            said = np.resize(scores.argmax(axis=0), len(labels))
        elif slip("These are the smallest scores: argmax, not argmin."):
            said = scores.argmin(axis=1)
        else:
            said = scores.argmax(axis=1)
        counts.append(np.sum((said == labels) != wrong))
        totals.append(len(labels))
    counts, totals = np.array(counts), np.array(totals)
    if first_only:
        counts[1:] = 0
    if slip("The mean of the batches' fractions is off where the last batch is smaller: count, then divide."):
        return np.mean(counts / totals)
    if slip("Divide by the number of images, not by 250 times the number of batches."):
        return counts.sum() / (250 * len(counts))
    if slip("That is the number of right ones: divide by the number of images."):
        return counts.sum()
    return counts.sum() / totals.sum()


@accuracy.mistake("Only the last batch is counted: add up with +=.")
def _(net, x, y):
    right = [np.sum(net(Tensor(a)).numpy().argmax(axis=1) == labels) for a, labels in batches(x, y, 250)]
    return right[-1] / len(x)


@accuracy.mistake("argmax without an axis is one number for the whole batch: argmax(axis=1) has one for each image.")
def _(net, x, y):
    return sum(np.sum(net(Tensor(a)).numpy().argmax() == labels) for a, labels in batches(x, y, 250)) / len(x)


TRUE = np.array([4, 4, 4, 9, 9, 1, 7, 7, 7, 7, 3, 3, 5])
SAID = np.array([9, 9, 4, 4, 4, 1, 2, 2, 2, 7, 5, 8, 3])


@exercise(
    (TRUE, SAID, 2),
    (TRUE, SAID, 4),
    {"exchanged": (SAID, TRUE, 6), "reversed": (TRUE[::-1], SAID[::-1], 3)},
    (TRUE[8:], SAID[8:], 4),
)
def most_confused(labels, said, k):
    counts = Counter((int(a), int(b)) for a, b in zip(labels, said, strict=True) if a != b)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return np.array([(*pair, count) for pair, count in ranked[:k]])


@most_confused.slips
def _(slip, labels, said, k):
    if slip("True and said are exchanged, columns and order: true comes first."):
        labels, said = said, labels
    if slip("4 read as 9 and 9 read as 4 are two mistakes: count them separately."):
        labels, said = np.minimum(labels, said), np.maximum(labels, said)
    wrong = labels != said
    if slip("A right answer is not a mistake: leave out the pairs of equal labels."):
        wrong[:] = True
    pairs, counts = np.unique(np.stack([labels, said])[:, wrong], axis=1, return_counts=True)
    if slip("M[labels, said] += 1 counts each pair only once: use np.add.at or np.unique."):
        counts[:] = 1
    order = np.argsort(-counts, kind="stable")
    if slip("These are the rarest: the most frequent come first."):
        order = np.argsort(counts, kind="stable")
    if slip("The first k pairs of the list are not the most frequent: sort by count."):
        order = np.arange(len(counts))
    chosen = order[:k]
    if slip("The right ones, but in the order of their labels: the most frequent comes first."):
        chosen = np.sort(chosen)
    if slip("The columns are exchanged: first the true label, then the predicted one."):
        pairs = pairs[::-1]
    return np.column_stack([*pairs, counts])[chosen]


@most_confused.telltale("These are all of them. Return the first k.")
def _(answers, wanted):
    return any(len(answer) > len(want) for answer, want in zip(answers, wanted, strict=True))


@most_confused.telltale("Sort equal counts by the true label, then by the predicted one.")
def _(answers, wanted):
    return all(np.array_equal(a[:, 2], w[:, 2]) for a, w in zip(answers, wanted, strict=True))


@most_confused.telltale("The count belongs in the last column.")
def _(answers, wanted):
    return all(np.array_equal(a[:, 0], w[:, 2]) for a, w in zip(answers, wanted, strict=True))


# One view is very sure of class 0, two are a little for class 1; then other combinations.
VIEWS = np.array(
    [
        [[9.0, 0.0, 0.0], [0.0, 2.0, 1.0], [0.0, 0.5, 0.0], [1.0, 0.0, 0.9]],
        [[0.0, 0.3, 0.2], [0.0, 2.0, 1.0], [1.0, 0.9, 0.0], [1.0, 0.0, 0.9]],
        [[0.0, 0.3, 0.2], [40.0, 1.0, 2.0], [0.0, 3.0, 2.9], [-9.0, 0.0, 3.0]],
    ]
)
LONG_SHOT = np.array([[[20.0, 0.0, -5.0]], [[0.0, 3.0, 1.0]], [[-1.0, 4.0, 0.0]]])


@exercise(
    {"three views": (VIEWS,), "one huge score": (LONG_SHOT,)},
    (VIEWS[1:, :3],),
    (np.concatenate([VIEWS, -0.4 * VIEWS]),),
)
def vote(scores):
    odds = np.exp(scores - scores.max(axis=-1, keepdims=True))
    p = odds / odds.sum(axis=-1, keepdims=True)
    return np.array([int(np.argmax(np.sum(p[:, n], axis=0))) for n in range(scores.shape[1])])


@vote.slips
def _(slip, scores):
    if slip("That is what the first view says."):
        scores = scores[:1]
    if slip("That is what the last view says."):
        scores = scores[-1:]
    axis = 2
    if slip("The softmax runs along a wrong axis: the classes are the last one."):
        axis = 0
    if slip("The softmax runs over the images: the classes are the last axis."):
        axis = 1
    if slip("Each view's probabilities must add up to 1: softmax along the last axis alone."):
        axis = None
    p = special.softmax(scores, axis=axis)
    if slip("That is the mean of the scores: a single huge one decides. Softmax, then mean."):
        p = scores
    if slip("That counts which class wins most views: a view that is hardly sure counts as much."):
        p = p == p.max(axis=2, keepdims=True)
    if slip("That is the largest probability of any view. Take the mean over the views."):
        return p.max(axis=0).argmax(axis=1)
    return p.mean(axis=0).argmax(axis=1)


vote.telltale("One class for each image: mean over axis 0, then argmax over classes.")(misshapen)


@vote.telltale("That is the largest mean probability. Return its class: argmax, not max.")
def _(answers, wanted):
    return any(np.any(answer % 1) for answer in answers)
