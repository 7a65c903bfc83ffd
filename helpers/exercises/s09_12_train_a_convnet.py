"""The exercises of lesson 9.12, Train a Convnet."""

from collections import Counter
from functools import partial

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


@sizes.mistake("Those are areas. Asked for is the side of each map; only the last number counts pixels.")
def _():
    return [28**2, 14**2, 10**2, 5**2, 400]


@sizes.mistake("Those count the pixels of all maps. Asked for is the side of one; only the last counts all pixels.")
def _():
    return [6 * 28**2, 6 * 14**2, 16 * 10**2, 16 * 5**2, 400]


@sizes.mistake("The vector comes from the last 16 maps. The second convolution adds over its 6 inputs.")
def _():
    return [28, 14, 10, 5, 6 * 16 * 25]


@sizes.mistake("The padding is 2 pixels at each end, 4 in all: 28 + 4 - 4.")
def _():
    return [26, 13, 9, 4, 256]


@sizes.mistake("There is a pooling after the second convolution, too.")
def _():
    return [28, 14, 10, 10, 1600]


@sizes.mistake("The vector is still missing: all pixels of the 16 maps.")
def _():
    return [28, 14, 10, 5]


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
    if any(map(is_not_by_he, net)):
        raise ValueError("some weights are not drawn by He's rule: give **options to every layer with weights")
    return [described(layer) for layer in net]


def is_not_by_he(layer):
    """Return whether a layer has many weights, and their spread is not that of He's rule."""
    if not isinstance(layer, (nn.Conv2d, nn.Linear)) or layer.weight.data.size < 1000:
        return False
    inputs = layer.weight.data[0].size if isinstance(layer, nn.Conv2d) else layer.in_features
    return abs(layer.weight.data.std() / np.sqrt(2 / inputs) - 1) > 0.15


def built(attempt, seed):
    """Return what an attempt builds from a seed, in words; it must build the same again."""
    net, again = (attempt(np.random.default_rng(seed)) for _ in range(2))
    lines = described_all(net)
    if lines is not ... and any(
        np.any(a.data != b.data) for a, b in zip(net.parameters(), again.parameters(), strict=True)
    ):
        raise ValueError("the same rng gives other weights: draw them with the rng that lenet is given")
    return lines


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


def rebuilt(*changes):
    """Return a solution in which some lines read differently."""

    def wrong(seed):
        found = layers.reference(seed)
        for old, new in changes:
            found = [line.replace(old, new) for line in found]
        return found

    return wrong


def rearranged(*order):
    """Return a solution with the lines of these numbers."""
    return lambda seed: [layers.reference(seed)[n] for n in order]


for advice, wrong in {
    "A grey digit has 1 channel. 28 is its side, which nn.Conv2d need not know.": rebuilt(("d(1,", "d(28,")),
    "Channels in come first, then channels out: nn.Conv2d(1, 6, 5, ...).": rebuilt(
        ("1, 6,", "6, 1,"), ("6, 16,", "16, 6,")
    ),
    "The vector has all 16 maps of 5 x 5, 400 numbers.": rebuilt(("r(400", "r(25")),
    "The vector comes after the second pooling: 16 maps of 5 x 5, 400 numbers.": rebuilt(("r(400", "r(1600")),
    "The second convolution has 16 kernels. They add over 6 inputs: 400 numbers.": rebuilt(("r(400", "r(2400")),
    "nn.Flatten() comes after the second pooling, which needs maps.": rearranged(0, 1, 2, 3, 4, 6, 5, *range(7, 12)),
    "Max pooling and ReLU give the same in either order. Here the ReLU comes first.": rearranged(
        0, 2, 1, 3, 5, 4, *range(6, 12)
    ),
    "This LeNet takes the largest of each field: nn.MaxPool2d(2).": rebuilt(("MaxPool2d(2)", "AvgPool2d()")),
    "That is LeNet as in 1998. Here the nonlinearity is nn.ReLU().": rebuilt(("ReLU", "Sigmoid")),
    "The nonlinearity here is nn.ReLU().": rebuilt(("ReLU", "Tanh")),
    "The first pooling is missing.": rearranged(0, 1, *range(3, 12)),
    "The second pooling is missing.": rearranged(0, 1, 2, 3, 4, *range(6, 12)),
    "The dense layer with 84 outputs is missing.": rearranged(*range(9), 11),
    "A ReLU is missing after the first convolution.": rearranged(0, *range(2, 12)),
    "A ReLU is missing after the second convolution.": rearranged(0, 1, 2, 3, *range(5, 12)),
}.items():
    layers.mistake(advice)(wrong)


@layers.mistake("The fourth argument of nn.Conv2d is the stride: write padding=2 by its name.")
def _(seed):
    return ["Conv2d(1, 6, 5), padding 0, stride 2", *layers.reference(seed)[1:]]


def lenet(attempt):
    """Print the verdict on a function of `rng` that builds the network."""
    if isinstance(attempt, nn.Module):
        layers("a network")  # the verdict says that a function is expected
    else:
        layers(played_by(attempt, lambda seed: built(attempt, seed)))


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
        if callable(losses[-1]):
            raise ValueError("train_step returned a method: item needs its parentheses, loss.item()")
        if isinstance(losses[-1], Tensor) and losses[-1].data.size > 1:
            raise ValueError("train_step returned several numbers: return the loss, `loss.item()`")
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
        if not slip("The weights never change: zero_grad(), backward(), step(), each called, in this order."):
            optimizer.step()
        if slip("The loss is computed anew after the step: return the one from before."):
            return nn.cross_entropy(net(Tensor(x)), y).item()
        if slip("Return the loss, not the number of right ones or a sum over the batch."):
            return 2 * loss.item()
        return loss.item()

    return played(step, count)


def step_twice(net, optimizer, x, y):
    loss = nn.cross_entropy(net(Tensor(x)), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    optimizer.step()
    return loss.item()


def step_late(net, optimizer, x, y):
    loss = nn.cross_entropy(net(Tensor(x)), y)
    optimizer.step()
    optimizer.zero_grad()
    loss.backward()
    return loss.item()


def step_on_sum(net, optimizer, x, y):
    loss = nn.cross_entropy(net(Tensor(x)), y) * len(x)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


for advice, wrong in {
    "That takes two steps: call optimizer.step() once.": step_twice,
    "That steps with the gradient of the batch before: backward() comes before step().": step_late,
    "cross_entropy is a mean over the batch already: take it as it is.": step_on_sum,
}.items():
    steps.mistake(advice)(partial(played, wrong))


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
        if slip("argmax(axis=1) says for each row, one image, which class has the largest score."):
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


@accuracy.mistake("Divide by all images, len(x). `labels` is only the last batch.")
def _(net, x, y):
    return accuracy.reference(net, x, y) * len(y) / (len(y) % 250)


@accuracy.mistake("That adds up the fractions of the batches: add up how many are right, and divide once.")
def _(net, x, y):
    return sum(accuracy.reference(net, images, labels) for images, labels in batches(x, y, 250))


@accuracy.mistake("Each batch is divided by its size, and the sum by len(x) again: divide once.")
def _(net, x, y):
    return sum(accuracy.reference(net, images, labels) for images, labels in batches(x, y, 250)) / len(x)


@accuracy.mistake("Each round of the loop goes through all of x: use `images` and `labels`.")
def _(net, x, y):
    return accuracy.reference(net, x, y) * -(-len(x) // 250)


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


@most_confused.telltale("A row for each mistake: label, said, count. Yours stand in columns: axis=1.")
def _(answers, wanted):
    return all(np.array_equal(answer.T, want) for answer, want in zip(answers, wanted, strict=True))


@most_confused.telltale("That is the whole table of counts. Return its k largest, as rows (label, said, count).")
def _(answers, wanted):
    return all(answer.shape == (10, 10) for answer in answers)


@most_confused.telltale(
    "A row has three numbers: label, said and count. A pair's code is taken apart by // 10 and % 10."
)
def _(answers, wanted):
    return any(answer.ndim != 2 or answer.shape[1] != 3 for answer in answers)


@most_confused.telltale("Those are too many rows. Return the first k.")
def _(answers, wanted):
    return any(len(answer) > len(want) for answer, want in zip(answers, wanted, strict=True))


@most_confused.telltale("How often, not which fraction: the last column is a count.")
def _(answers, wanted):
    return all(np.array_equal(a[:, :2], w[:, :2]) and a[:, 2].max() < 1 for a, w in zip(answers, wanted, strict=True))


@most_confused.telltale("Each pair stands once, with its count: yours stands several times, or with a count of 1.")
def _(answers, wanted):
    return all(np.all(answer[:, 2] == 1) for answer in answers)


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


@vote.mistake("That is the smallest mean probability: argmax, not argmin.")
def _(scores):
    return special.softmax(scores, axis=2).mean(axis=0).argmin(axis=1)


@vote.mistake("That takes the median. The task asks for the mean of the probabilities.")
def _(scores):
    return np.median(special.softmax(scores, axis=2), axis=0).argmax(axis=1)


@vote.mistake("Classes are names, not amounts: take the mean of the probabilities, not of the classes.")
def _(scores):
    return scores.argmax(axis=2).mean(axis=0).round()
