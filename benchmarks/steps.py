"""What the course's networks do in a benchmark: a training step, or loss and gradients."""


def training_step(model, x, y, optimizer):
    """Return a function that trains the model on one batch and returns the loss, an array."""
    from helpers import nn
    from helpers.autodiff import Tensor
    from helpers.support.memory import keep_freed_memory

    keep_freed_memory()  # as fit does

    def step():
        loss = nn.cross_entropy(model(Tensor(x)), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.data

    return step


def loss_and_gradients(model, x, y):
    """Return a function that finds the parameters' gradients and returns the loss, an array."""
    from helpers import nn
    from helpers.autodiff import Tensor
    from helpers.support.memory import keep_freed_memory

    keep_freed_memory()  # as fit does

    def step():
        model.zero_grad()
        loss = nn.cross_entropy(model(Tensor(x)), y)
        loss.backward()
        return loss.data

    return step
