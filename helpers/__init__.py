"""The small package that the lessons of the flower book's companion course import.

A floor imports only from the floors below it in this map:

    lesson      begin, check, publish, show: the one import of every lesson
    exercises   the machinery of exercises, and one module for each lesson
    figures     fingerprints of figures, and the store that keeps them
    plotting    drawing words, which take an Axes and return it
    models      published networks
    training    fit, evaluate, optimizers, schedules, checkpoints
    nn          layers, losses, initialisation, summary, export
    autodiff    Tensor, its operations, and tests of gradients
    datasets    load_*, make_*, batches
    images      convolution and pooling of arrays, with their gradients
    naive       the same as loops, to be read and to judge by
    support     how arguments are read, and how files are written

Lessons import the faces that this map names: what is inside a folder is its own affair.
"""

__version__ = "0.2.0"
