"""One image of 512 x 512 float32 and a 5 x 5 kernel: conv2d beside SciPy, PyTorch and the Python loop."""

import numpy as np
from measure import TUNED, Comparison, Goal, main

SIZE, KERNEL_SIZE, LOOP_ROWS = 512, 5, 4
OUT = SIZE - KERNEL_SIZE + 1

valid = Comparison(
    f"{SIZE} x {SIZE} float32 image, {KERNEL_SIZE} x {KERNEL_SIZE} kernel, valid",
    2 * OUT**2 * KERNEL_SIZE**2,
    Goal("PyTorch", 0.7),
    Goal("scipy", 1 / 10),
    Goal("Python loop", 1 / 900),
)


def arrays():
    rng = np.random.default_rng(0)
    return (rng.standard_normal((n, n), dtype=np.float32) for n in (SIZE, KERNEL_SIZE))


@valid.candidate("helpers.images.conv2d")
def course():
    from helpers.images import conv2d

    image, kernel = arrays()
    return lambda: conv2d(image, kernel)


@valid.candidate("scipy.signal.convolve2d")
def scipy_convolution():
    from scipy.signal import convolve2d

    image, kernel = arrays()
    return lambda: convolve2d(image, kernel[::-1, ::-1], "valid")


@valid.candidate(f"Python loop ({LOOP_ROWS} rows, scaled)", share=LOOP_ROWS / OUT)
def python_loop():
    from helpers.naive import correlate2d

    image, kernel = arrays()
    strip = image[: LOOP_ROWS + KERNEL_SIZE - 1]
    return lambda: correlate2d(strip, kernel)


@valid.candidate("PyTorch")
@valid.candidate("PyTorch, allocator tuned", **TUNED)
def pytorch():
    import torch

    image, kernel = (torch.from_numpy(array)[None, None] for array in arrays())
    return lambda: torch.nn.functional.conv2d(image, kernel)


if __name__ == "__main__":
    main(valid)
