"""A figure that is being published: its facts, and the files that a reader sees."""

import io

import matplotlib.pyplot as plt
from PIL import Image

from .describe import fingerprint

FPS = 12  # frames per second, if nothing else is said
REST = 2000  # milliseconds on the last frame


class Drawing:
    """A figure, which moves if `update(frame)` draws frame 0, ..., frames - 1 on it."""

    def __init__(self, fig, update=None, frames=0, fps=FPS):
        self.fig, self.update, self.frames, self.fps = fig, update, frames, fps

    @property
    def kinds(self):
        """The kinds of files that show the figure."""
        return ("png",) if self.update is None else ("png", "gif")

    def to_last_frame(self):
        """Leave the figure as its PNG shows it."""
        if self.update is not None:
            self.update(self.frames - 1)

    def facts(self):
        """Return the fingerprint; of a figure that moves, of its first, middle and last frame.

        The figure is left at the last frame.
        """
        if self.update is None:
            return fingerprint(self.fig)
        facts = {} if self.fps == FPS else {"film": {"frames per second": self.fps}}
        for frame in (0, self.frames // 2, self.frames - 1):
            self.update(frame)
            told = fingerprint(self.fig)
            facts |= {f"frame {frame}, {place}": fact for place, fact in told.items()}
        return facts

    def files(self):
        """Return the bytes of the figure's files, by their kinds."""
        render = {"png": self.png, "gif": self.gif}
        return {kind: render[kind]() for kind in self.kinds}

    def png(self):
        """Return the figure as it stands: a PNG at 144 dpi, without metadata that changes.

        A palette of 256 colours is more than a figure shows, and makes the file half as large.
        """
        png = io.BytesIO()
        image = self._image(dpi=144).quantize(256, dither=Image.Dither.NONE)
        image.save(png, "PNG", optimize=True)
        return png.getvalue()

    def gif(self):
        """Return the frames as a small GIF in the last frame's colours.

        It runs for ever and rests on the last frame, where it leaves the figure.
        """
        images = []
        for frame in range(self.frames):
            self.update(frame)
            images.append(self._image(dpi=72))
        colors = images[-1].quantize(64, dither=Image.Dither.NONE)
        style = {"palette": colors, "dither": Image.Dither.NONE}
        first, *others = [image.quantize(**style) for image in images]
        durations = [round(1000 / self.fps)] * (self.frames - 1) + [REST]
        gif = io.BytesIO()
        first.save(gif, "GIF", save_all=True, append_images=others, duration=durations, loop=0)
        return gif.getvalue()

    def _image(self, dpi):
        """Return the figure in three colours, in its own size whatever the style says."""
        drawn = io.BytesIO()
        with plt.rc_context({"savefig.bbox": None}):
            self.fig.savefig(drawn, format="png", dpi=dpi)
        with Image.open(drawn) as image:
            return image.convert("RGB")
