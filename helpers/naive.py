"""The loop twins: each function is its equation, one loop for one index. Slow, and made to be read.

Lessons show them beside the fast functions, tests take them as the truth, and nothing else uses them. Their arguments
are what the equation names, arrays of floats: padding is left to `numpy.pad`, and bad input to the fast twin.
"""

import numpy as np


def relu(x):
    """y_ij = max(x_ij, 0)."""
    y = np.zeros_like(x)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            y[i, j] = max(x[i, j], 0)
    return y


def add(x, y):
    """z_ij = x_ij + y_ij."""
    z = np.zeros(x.shape)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            z[i, j] = x[i, j] + y[i, j]
    return z


def dot(x, y):
    """Sum over k of x_k y_k."""
    total = 0.0
    for k in range(len(x)):
        total += x[k] * y[k]
    return total


def matvec(a, x):
    """y_i = sum over k of a_ik x_k."""
    y = np.zeros(a.shape[0])
    for i in range(a.shape[0]):
        for k in range(a.shape[1]):
            y[i] += a[i, k] * x[k]
    return y


def matmul(a, b):
    """c_ij = sum over k of a_ik b_kj (eq. 2.5)."""
    c = np.zeros((a.shape[0], b.shape[1]))
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            for k in range(a.shape[1]):
                c[i, j] += a[i, k] * b[k, j]
    return c


def correlate2d(image, kernel):
    """S(p, q) = sum over i, j of I(p + i, q + j) K(i, j), where the kernel lies within the image (eq. 9.6)."""
    rows, columns = kernel.shape
    out = np.zeros((image.shape[0] - rows + 1, image.shape[1] - columns + 1))
    for p in range(out.shape[0]):
        for q in range(out.shape[1]):
            for i in range(rows):
                for j in range(columns):
                    out[p, q] += image[p + i, q + j] * kernel[i, j]
    return out


def conv2d(x, weight, bias=None, stride=(1, 1), dilation=(1, 1), groups=1):
    """Z(n, f, p, q) = b(f) + sum over c, i, j of X(n, c, s p + d i, s q + d j) K(f, c, i, j) (eq. 9.8).

    x (N, C, H, W), weight (F, C // groups, kH, kW), bias (F,) -> (N, F, P, Q); kernel f sees the channels of its group.
    """
    N, _, H, W = x.shape
    F, C, kH, kW = weight.shape
    P = (H - dilation[0] * (kH - 1) - 1) // stride[0] + 1
    Q = (W - dilation[1] * (kW - 1) - 1) // stride[1] + 1
    z = np.zeros((N, F, P, Q))
    for n, f, p, q in np.ndindex(N, F, P, Q):
        first_channel = f // (F // groups) * C
        for c, i, j in np.ndindex(C, kH, kW):
            pixel = x[n, first_channel + c, stride[0] * p + dilation[0] * i, stride[1] * q + dilation[1] * j]
            z[n, f, p, q] += pixel * weight[f, c, i, j]
        if bias is not None:
            z[n, f, p, q] += bias[f]
    return z


def max_pool2d(x, kernel_size, stride):
    """Y(n, c, p, q) = max over i, j of X(n, c, s p + i, s q + j); x (N, C, H, W) -> (N, C, P, Q)."""
    y = np.full(_pooled_shape(x, kernel_size, stride), -np.inf)
    for n, c, p, q in np.ndindex(y.shape):
        for i, j in np.ndindex(*kernel_size):
            y[n, c, p, q] = max(y[n, c, p, q], x[n, c, stride[0] * p + i, stride[1] * q + j])
    return y


def avg_pool2d(x, kernel_size, stride):
    """Y(n, c, p, q) = mean over i, j of X(n, c, s p + i, s q + j); x (N, C, H, W) -> (N, C, P, Q)."""
    y = np.zeros(_pooled_shape(x, kernel_size, stride))
    for n, c, p, q in np.ndindex(y.shape):
        for i, j in np.ndindex(*kernel_size):
            y[n, c, p, q] += x[n, c, stride[0] * p + i, stride[1] * q + j]
    return y / (kernel_size[0] * kernel_size[1])


def _pooled_shape(x, kernel_size, stride):
    return *x.shape[:2], *((size - k) // s + 1 for size, k, s in zip(x.shape[2:], kernel_size, stride, strict=True))
