"""Convolution and pooling layers on batches, float32, forward and backward: the course beside PyTorch.

As between the layers of a network, each library gets its arrays in the memory order that its layers hand on: the
course with the images last, PyTorch as usual or channels last, whichever is faster. The allocator is tuned for all of
them; in a network, the course's tape does it.
"""

import math

import numpy as np
from measure import TUNED, Comparison, Goal, main


def arrays(x_shape, weight_shape, padding):
    """Input, weight, bias, and a gradient by the output."""
    rng = np.random.default_rng(0)
    out_shape = x_shape[0], weight_shape[0], *(x_shape[-1] + 2 * padding - weight_shape[-1] + 1,) * 2
    return [rng.standard_normal(shape, np.float32) for shape in (x_shape, weight_shape, weight_shape[:1], out_shape)]


def images_last(x):
    """The same array with its images last in memory."""
    return np.moveaxis(np.ascontiguousarray(np.moveaxis(x, 0, -1)), -1, 0)


def convolution(x_shape, weight_shape, padding, forward_goal, backward_goal):
    """The three comparisons of a convolutional layer."""
    work = 2 * math.prod(arrays(x_shape, weight_shape, padding)[3].shape) * math.prod(weight_shape[1:])
    name = f"{x_shape} * {weight_shape}, padding {padding}".replace(", ", ",")
    forward = Comparison(f"conv forward {name}", work, Goal("PyTorch", forward_goal))
    backward = Comparison(f"conv backward {name}", 2 * work, Goal("PyTorch", backward_goal))

    matrix = 4 * work // (2 * weight_shape[0])
    note = f"beside the output; a whole im2col matrix takes {matrix / 2**20:.0f} MiB, and its gradient as much"
    both = Comparison(f"conv forward and backward {name}", 3 * work, note=f"extra MiB: {note}")

    @forward.candidate("helpers.images.conv2d", **TUNED)
    def course_forward():
        from helpers.images import conv2d

        x, weight, bias, _ = arrays(x_shape, weight_shape, padding)
        x = images_last(x)
        return lambda: conv2d(x, weight, bias, padding=padding)

    @backward.candidate("helpers.images.conv2d_backward", **TUNED)
    def course_backward():
        from helpers.images import conv2d_backward

        x, weight, _, grad = arrays(x_shape, weight_shape, padding)
        x, grad = images_last(x), images_last(grad)
        return lambda: conv2d_backward(grad, x, weight, padding=padding)[0]

    @both.candidate("helpers.images.Convolution", **TUNED)
    def course_both():
        from helpers.images.conv import Convolution

        x, weight, bias, grad = arrays(x_shape, weight_shape, padding)
        x, grad = images_last(x), images_last(grad)

        def call():
            layer = Convolution.read("conv2d", x, weight, padding=padding)
            out = layer.forward(bias)
            call.gradients = layer.grad_x(grad), layer.grad_weight(grad), layer.grad_bias(grad)
            return out

        return call

    def pytorch(memory_format):
        import torch

        tensors = map(torch.tensor, arrays(x_shape, weight_shape, padding))
        x, weight, bias, grad = (t.to(memory_format=memory_format(torch)) if t.ndim == 4 else t for t in tensors)
        return torch, x, weight, bias, grad

    def pytorch_forward(memory_format):
        torch, x, weight, bias, _ = pytorch(memory_format)
        return lambda: torch.nn.functional.conv2d(x, weight, bias, padding=padding)

    def pytorch_backward(memory_format):
        torch, x, weight, bias, grad = pytorch(memory_format)
        inputs = [tensor.requires_grad_() for tensor in (x, weight, bias)]
        out = torch.nn.functional.conv2d(*inputs, padding=padding)
        return lambda: torch.autograd.grad(out, inputs, grad, retain_graph=True)[0]

    def pytorch_both(memory_format):
        torch, x, weight, bias, grad = pytorch(memory_format)
        inputs = [tensor.requires_grad_() for tensor in (x, weight, bias)]

        def call():
            out = torch.nn.functional.conv2d(*inputs, padding=padding)
            torch.autograd.grad(out, inputs, grad)
            return out.detach()

        return call

    against_pytorch(forward, pytorch_forward)
    against_pytorch(backward, pytorch_backward)
    against_pytorch(both, pytorch_both)
    return forward, backward, both


def max_pooling(shape, forward_goal, backward_goal):
    """The two comparisons of a layer that takes the maximum of 2 x 2 pixels; work counts comparisons."""
    name = f"{shape}, 2 x 2".replace(", ", ",")
    forward = Comparison(f"max pool forward {name}", math.prod(shape), Goal("PyTorch", forward_goal))
    backward = Comparison(f"max pool backward {name}", math.prod(shape), Goal("PyTorch", backward_goal))

    def inputs():
        rng = np.random.default_rng(0)
        return [rng.standard_normal(s, np.float32) for s in (shape, (*shape[:2], shape[2] // 2, shape[3] // 2))]

    @forward.candidate("helpers.images.max_pool2d", **TUNED)
    def course_forward():
        from helpers.images import max_pool2d

        x = images_last(inputs()[0])
        return lambda: max_pool2d(x, 2)

    @backward.candidate("helpers.images.max_pool2d_backward, forward done", **TUNED)
    def course_backward():
        from helpers.images.pool import MaxPooling

        x, grad = map(images_last, inputs())
        pooling = MaxPooling.read("max_pool2d", x, 2)
        pooling.forward()  # it keeps what it found, as PyTorch does below
        return lambda: pooling.grad_x(grad)

    def pytorch_forward(memory_format):
        import torch

        x = torch.tensor(inputs()[0]).to(memory_format=memory_format(torch)).requires_grad_()
        return lambda: torch.nn.functional.max_pool2d(x, 2).detach()

    def pytorch_backward(memory_format):
        import torch

        x, grad = (torch.tensor(array).to(memory_format=memory_format(torch)) for array in inputs())
        out = torch.nn.functional.max_pool2d(x.requires_grad_(), 2)
        return lambda: torch.autograd.grad(out, x, grad, retain_graph=True)[0]

    against_pytorch(forward, pytorch_forward)
    against_pytorch(backward, pytorch_backward)
    return forward, backward


def against_pytorch(comparison, prepare):
    """Register PyTorch with both of its memory orders, its allocator as it comes and tuned."""
    comparison.candidate("PyTorch")(lambda: prepare(lambda torch: torch.contiguous_format))
    for name, order in (("tuned", "contiguous_format"), ("tuned, channels last", "channels_last")):
        comparison.candidate(f"PyTorch, {name}", **TUNED)(lambda order=order: prepare(lambda t: getattr(t, order)))


if __name__ == "__main__":
    main(
        *convolution((128, 6, 14, 14), (16, 6, 5, 5), 0, forward_goal=2.3, backward_goal=1.2),
        *convolution((128, 32, 28, 28), (64, 32, 3, 3), 1, forward_goal=2.4, backward_goal=2.0),
        *max_pooling((128, 32, 28, 28), forward_goal=0.6, backward_goal=3),
    )
