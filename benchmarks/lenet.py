"""One training step of LeNet-5 (28 x 28, ReLU, max pooling) with Adam on a batch of 128: the course beside others."""

import numpy as np
from measure import TUNED, Comparison, Goal, main
from steps import loss_and_gradients, training_step

BATCH, LR = 128, 1e-3
SHAPES = [(6, 1, 5, 5), (16, 6, 5, 5), (400, 120), (120, 84), (84, 10)]
# Multiply-adds of the forward pass for one image; backward takes twice as many, but for the gradient by the images.
LAYERS = [28 * 28 * 6 * 25, 10 * 10 * 16 * 150, 400 * 120, 120 * 84, 84 * 10]

step = Comparison(
    "LeNet-5, a training step with Adam, batch 128, float32",
    2 * BATCH * (3 * sum(LAYERS) - LAYERS[0]),
    Goal("PyTorch", 1.0),
    Goal("PyTorch", 1.3, threads=2),
    Goal("book-era", 1 / 6),
    Goal("HIPS", 1 / 30),
)
gradients = Comparison("LeNet-5, loss and gradients, with and without the tape", step.operations, Goal("the same", 1.1))


def data():
    """A batch, and the weights of the five layers."""
    rng = np.random.default_rng(0)
    x, y = rng.random((BATCH, 1, 28, 28), dtype=np.float32), rng.integers(0, 10, BATCH)
    x.flags.writeable = False  # as those that `fit` hands to the network
    limits = [np.sqrt(6 / (np.prod(shape[1:]) if len(shape) == 4 else shape[0])) for shape in SHAPES]
    weights = [rng.uniform(-a, a, shape).astype(np.float32) for shape, a in zip(SHAPES, limits, strict=True)]
    return x, y, weights


def network(weights):
    """The course's network with these weights."""
    from helpers import nn

    rng = np.random.default_rng(0)
    model = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2, rng=rng), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5, rng=rng), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120, rng=rng), nn.ReLU(), nn.Linear(120, 84, rng=rng), nn.ReLU(), nn.Linear(84, 10, rng=rng),
    )  # fmt: skip
    for parameter, weight in zip(model.parameters()[::2], weights, strict=True):
        with parameter.writable() as array:
            array[...] = weight
    return model


@step.candidate("helpers: nn, optim.Adam")
def course():
    from helpers.training import optimizers as optim

    x, y, weights = data()
    model = network(weights)
    return training_step(model, x, y, optim.Adam(model.parameters(), LR))


def pytorch(**options):
    import torch
    from torch import nn

    x, y, weights = data()
    model = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )  # fmt: skip
    for parameter, weight in zip(list(model.parameters())[::2], weights, strict=True):
        parameter.data = torch.tensor(weight if weight.ndim == 4 else weight.T.copy())
    for bias in list(model.parameters())[1::2]:
        nn.init.zeros_(bias)
    x, y = torch.tensor(x), torch.tensor(y)
    if options.pop("channels_last", False):
        model, x = model.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(model.parameters(), LR, **options)

    def train():
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.detach()

    return train


step.candidate("PyTorch")(pytorch)
step.candidate("PyTorch, tuned, fused", **TUNED)(lambda: pytorch(fused=True))
step.candidate("PyTorch, tuned, fused, chan. last", **TUNED)(lambda: pytorch(fused=True, channels_last=True))


@step.candidate("book-era im2col, float64")
def book_era():
    """Layers as tutorials of the time wrote them: whole column matrices, float64, arg max, Adam on each array."""
    x, y, weights = data()
    x, weights = x.astype(float), [weight.astype(float) for weight in weights]
    biases = [np.zeros(len(weight) if weight.ndim == 4 else weight.shape[1]) for weight in weights]
    parameters = [*weights, *biases]
    moments = [(np.zeros_like(p), np.zeros_like(p)) for p in parameters]
    steps = 0

    def train():
        nonlocal steps
        steps += 1
        h, backs = x, []
        for weight, bias, pad in zip(weights[:2], biases[:2], (2, 0), strict=True):
            h = np.pad(h, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
            for forward in (era_conv(weight, bias, pad), era_relu, era_pool):
                h, back = forward(h)
                backs.append(back)
        shape, h = h.shape, h.reshape(BATCH, -1)
        for i, (weight, bias) in enumerate(zip(weights[2:], biases[2:], strict=True)):
            h, back = era_dense(weight, bias)(h)
            backs.append(back)
            if i < 2:
                h, back = era_relu(h)
                backs.append(back)
        e = np.exp(h - h.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        loss = -np.log(p[np.arange(BATCH), y]).mean()
        p[np.arange(BATCH), y] -= 1
        grad, of_weights, of_biases = p / BATCH, [], []
        for place, back in reversed(list(enumerate(backs))):
            grad = grad.reshape(shape) if place == 5 else grad
            grad, *found = back(grad)
            if found:
                of_weights.insert(0, found[0])
                of_biases.insert(0, found[1])
        for w, g, (m, v) in zip(parameters, of_weights + of_biases, moments, strict=True):
            m += 0.1 * (g - m)
            v += 0.001 * (g**2 - v)
            w -= LR * (m / (1 - 0.9**steps)) / (np.sqrt(v / (1 - 0.999**steps)) + 1e-8)
        return loss

    return train


def era_conv(weight, bias, pad):
    def forward(x):
        (N, C, H, W), (F, _, k, _) = x.shape, weight.shape
        P, Q = H - k + 1, W - k + 1
        col = np.empty((N, C, k, k, P, Q))
        for i in range(k):
            for j in range(k):
                col[:, :, i, j] = x[:, :, i : i + P, j : j + Q]
        col = col.transpose(0, 4, 5, 1, 2, 3).reshape(N * P * Q, -1)
        matrix = weight.reshape(F, -1).T

        def back(grad):
            grad = grad.transpose(0, 2, 3, 1).reshape(-1, F)
            grad_col = (grad @ matrix.T).reshape(N, P, Q, C, k, k).transpose(0, 3, 4, 5, 1, 2)
            grad_x = np.zeros_like(x)
            for i in range(k):
                for j in range(k):
                    grad_x[:, :, i : i + P, j : j + Q] += grad_col[:, :, i, j]
            grad_x = grad_x[:, :, pad : H - pad, pad : W - pad]
            return grad_x, (col.T @ grad).T.reshape(weight.shape), grad.sum(axis=0)

        return (col @ matrix + bias).reshape(N, P, Q, F).transpose(0, 3, 1, 2), back

    return forward


def era_dense(weight, bias):
    return lambda x: (x @ weight + bias, lambda grad: (grad @ weight.T, x.T @ grad, grad.sum(axis=0)))


def era_relu(x):
    return np.maximum(x, 0), lambda grad: (np.where(x > 0, grad, 0),)


def era_pool(x):
    N, C, H, W = x.shape
    col = x.reshape(N, C, H // 2, 2, W // 2, 2).transpose(0, 1, 2, 4, 3, 5).reshape(-1, 4)
    winner = col.argmax(axis=1)

    def back(grad):
        spread = np.zeros_like(col)
        spread[np.arange(len(col)), winner] = grad.ravel()
        return (spread.reshape(N, C, H // 2, W // 2, 2, 2).transpose(0, 1, 2, 4, 3, 5).reshape(x.shape),)

    return col.max(axis=1).reshape(N, C, H // 2, W // 2), back


@step.candidate("HIPS autograd")
def hips_autograd():
    """Its Adam begins anew at each step, at the same cost."""
    import autograd.numpy as anp
    from autograd import value_and_grad
    from autograd.misc.optimizers import adam
    from autograd.scipy.signal import convolve

    x, y, weights = data()
    hot, padded = np.eye(10, dtype=np.float32)[y], np.pad(x, [(0, 0), (0, 0), (2, 2), (2, 2)])
    biases = [np.zeros(len(w) if w.ndim == 4 else w.shape[1], np.float32) for w in weights]
    parameters = weights + biases

    def loss(parameters, _=0):
        (first, second, *dense), biases = parameters[:5], parameters[5:]
        h = padded
        for weight, bias in zip((first, second), biases, strict=False):
            h = convolve(h, weight[:, :, ::-1, ::-1], axes=([2, 3], [2, 3]), dot_axes=([1], [1]), mode="valid")
            h = anp.maximum(h + bias[None, :, None, None], 0)
            N, F, P, Q = h.shape
            h = h.reshape((N, F, P // 2, 2, Q // 2, 2)).max(axis=(3, 5))
        h = h.reshape((BATCH, -1))
        for i, (weight, bias) in enumerate(zip(dense, biases[2:], strict=True)):
            h = anp.dot(h, weight) + bias
            h = anp.maximum(h, 0) if i < 2 else h
        top = h.max(axis=1, keepdims=True)
        log_p = h - top - anp.log(anp.sum(anp.exp(h - top), axis=1, keepdims=True))
        return -anp.sum(log_p * hot) / BATCH

    gradients = value_and_grad(loss)

    def train():
        nonlocal parameters
        value, grads = gradients(parameters)
        parameters = adam(lambda *_: grads, parameters, num_iters=1, step_size=LR)
        return value

    return train


@gradients.candidate("helpers: nn")
def with_tape():
    x, y, weights = data()
    return loss_and_gradients(network(weights), x, y)


@gradients.candidate("the same by hand")
def without_tape():
    from helpers.images.conv import Convolution
    from helpers.images.pool import Pooling
    from helpers.support.memory import keep_freed_memory

    keep_freed_memory()  # as the other candidate does
    x, y, weights = data()
    biases = [np.zeros(len(w) if w.ndim == 4 else w.shape[1], np.float32) for w in weights]
    examples = np.arange(BATCH)

    def call():
        h, layers, dense, gradients = x, [], [], []
        for weight, bias, padding in zip(weights[:2], biases[:2], (2, 0), strict=True):
            layer = Convolution("conv2d", h, weight, padding=padding)
            z = layer.value(bias)
            active = np.maximum(z, np.zeros_like(z))
            pooling = Pooling("max_pool2d", active, 2)
            h = pooling.maximum
            layers.append((layer, active, pooling))
        shape, h = h.shape, h.reshape(BATCH, -1)
        for i, (weight, bias) in enumerate(zip(weights[2:], biases[2:], strict=True)):
            dense.append((h, weight))
            h = h @ weight + bias
            h = np.maximum(h, np.zeros_like(h)) if i < 2 else h
        h -= h.max(axis=1, keepdims=True)
        p = np.exp(h)
        total = p.sum(axis=1, keepdims=True)
        loss = np.mean(np.log(total[:, 0]) - h[examples, y])
        p /= total
        p[examples, y] -= 1
        grad = p / np.float32(BATCH)
        for h, weight in reversed(dense):
            gradients += [h.T @ grad, grad.sum(axis=0)]
            grad = grad @ weight.T
            grad = grad if h.shape[1] == 400 else grad * (h > 0)
        grad = grad.reshape(shape)
        for layer, active, pooling in reversed(layers):
            grad = pooling.pull_maximum(grad) * (active > 0)
            gradients += [layer.grad_weight(grad), layer.grad_bias(grad)]
            grad = layer.grad_x(grad) if layer is not layers[0][0] else None
        call.gradients = gradients
        return loss

    return call


if __name__ == "__main__":
    main(step, gradients)
