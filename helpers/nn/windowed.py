"""What layers with a sliding window have in common."""

from .module import Module


class Windowed(Module):
    """A layer that keeps its `window`, read when it was built, and offers what the window holds."""

    @property
    def kernel_size(self):
        return self.window.kernel_size

    @property
    def stride(self):
        return self.window.stride

    @property
    def padding(self):
        return self.window.padding

    @property
    def dilation(self):
        return self.window.dilation

    def __repr__(self):
        name, own = super().__repr__().removesuffix(")").split("(", 1)
        return f"{name}({', '.join(filter(None, [own, str(self.window)]))})"
