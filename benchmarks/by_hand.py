"""Forward and backward passes without a tape: the calls that its operations make, one by one."""

import numpy as np


def features(h, weights, biases):
    """Return what the two convolutions find, and their steps in between."""
    from helpers.images.conv import Convolution
    from helpers.images.pool import MaxPooling

    layers = []
    for weight, bias, padding in zip(weights[:2], biases[:2], (2, 0), strict=True):
        layer = Convolution.read("conv2d", h, weight, padding=padding)
        z = layer.forward(bias)
        active = np.maximum(z, np.zeros_like(z))
        pooling = MaxPooling.read("max_pool2d", active, 2)
        h = pooling.forward()
        layers.append((layer, active, pooling))
    return h, layers


def feature_gradients(grad, layers):
    """Return the gradients with respect to the parameters of the two convolutions."""
    gradients = []
    for layer, active, pooling in reversed(layers):
        grad = pooling.grad_x(grad) * (active > 0)
        gradients += [layer.grad_weight(grad), layer.grad_bias(grad)]
        grad = layer.grad_x(grad) if layer is not layers[0][0] else None
    return gradients


def dense(h, weights, biases):
    """Return the logits, and the input of each layer."""
    inputs = []
    for weight, bias in zip(weights, biases, strict=True):
        if inputs:
            h = np.maximum(h, np.zeros_like(h))
        inputs.append(h)
        h = h @ weight + bias
    return h, inputs


def cross_entropy(logits, y):
    """Return the loss, and its gradient with respect to the logits."""
    examples = np.arange(len(y))
    logits = logits - logits.max(axis=1, keepdims=True)
    p = np.exp(logits)
    total = p.sum(axis=1, keepdims=True)
    loss = np.mean(np.log(total[:, 0]) - logits[examples, y])
    p /= total
    p[examples, y] -= 1
    return loss, p / np.float32(len(y))
