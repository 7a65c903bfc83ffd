"""Layers as tutorials of the book's time wrote them: whole column matrices, float64, arg max.

A layer is a function of its input. It returns its output and a function of the gradient with
respect to that output, which returns the gradients with respect to the input and the parameters.
"""

import numpy as np


def conv(weight, bias, padding):
    """Return a convolution with stride 1."""

    def forward(x):
        x = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
        F, C, k, _ = weight.shape
        col, (N, P, Q) = columns(x, k)
        matrix = weight.reshape(F, -1).T

        def back(grad):
            grad = grad.transpose(0, 2, 3, 1).reshape(-1, F)
            grad_col = (grad @ matrix.T).reshape(N, P, Q, C, k, k)
            grad_x = spread(grad_col, x.shape)
            grad_x = grad_x[:, :, padding : P + k - 1 - padding, padding : Q + k - 1 - padding]
            return grad_x, (col.T @ grad).T.reshape(weight.shape), grad.sum(axis=0)

        return (col @ matrix + bias).reshape(N, P, Q, F).transpose(0, 3, 1, 2), back

    return forward


def columns(x, k):
    """Return a row for each window of k x k pixels, and how many images, rows and columns."""
    N, C, H, W = x.shape
    P = H - k + 1
    Q = W - k + 1
    col = np.empty((N, C, k, k, P, Q))
    for i in range(k):
        for j in range(k):
            col[:, :, i, j] = x[:, :, i : i + P, j : j + Q]
    return col.transpose(0, 4, 5, 1, 2, 3).reshape(N * P * Q, -1), (N, P, Q)


def spread(grad_col, shape):
    """Add up the gradients of all windows (N, P, Q, C, k, k) in an image of this shape."""
    _, P, Q, _, k, _ = grad_col.shape
    grad_col = grad_col.transpose(0, 3, 4, 5, 1, 2)
    grad_x = np.zeros(shape)
    for i in range(k):
        for j in range(k):
            grad_x[:, :, i : i + P, j : j + Q] += grad_col[:, :, i, j]
    return grad_x


def dense(weight, bias):
    """Return a dense layer."""

    def forward(x):
        return x @ weight + bias, lambda grad: (grad @ weight.T, x.T @ grad, grad.sum(axis=0))

    return forward


def relu(x):
    return np.maximum(x, 0), lambda grad: (np.where(x > 0, grad, 0),)


def flatten(x):
    return x.reshape(len(x), -1), lambda grad: (grad.reshape(x.shape),)


def max_pool(x):
    """Take the maximum of each 2 x 2 pixels."""
    N, C, H, W = x.shape
    col = x.reshape(N, C, H // 2, 2, W // 2, 2).transpose(0, 1, 2, 4, 3, 5).reshape(-1, 4)
    winner = col.argmax(axis=1)

    def back(grad):
        grad_col = np.zeros_like(col)
        grad_col[np.arange(len(col)), winner] = grad.ravel()
        windows = grad_col.reshape(N, C, H // 2, W // 2, 2, 2)
        return (windows.transpose(0, 1, 2, 4, 3, 5).reshape(x.shape),)

    return col.max(axis=1).reshape(N, C, H // 2, W // 2), back


def loss_and_gradients(layers, x, y):
    """Return the mean cross-entropy, and the gradients with respect to all parameters, in order."""
    backs = []
    for layer in layers:
        x, back = layer(x)
        backs.append(back)
    e = np.exp(x - x.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(len(y)), y]).mean()
    p[np.arange(len(y)), y] -= 1
    grad = p / len(y)
    gradients = []
    for back in reversed(backs):
        grad, *found = back(grad)
        gradients = found + gradients
    return loss, gradients


class Adam:
    """Change one parameter after the other by algorithm 8.7."""

    def __init__(self, parameters, lr):
        self.parameters = parameters
        self.lr = lr
        self.moments = [(np.zeros_like(w), np.zeros_like(w)) for w in parameters]
        self.steps = 0

    def step(self, gradients):
        self.steps += 1
        for w, g, (m, v) in zip(self.parameters, gradients, self.moments, strict=True):
            m += 0.1 * (g - m)
            v += 0.001 * (g**2 - v)
            m_hat = m / (1 - 0.9**self.steps)
            v_hat = v / (1 - 0.999**self.steps)
            w -= self.lr * m_hat / (np.sqrt(v_hat) + 1e-8)
