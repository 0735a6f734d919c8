"""What a page shows and nothing else may: a template that misses a name logs its context, the values with it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Shown:
    """A text for the page alone; false where there is none."""

    text: str = field(repr=False)

    def __bool__(self) -> bool:
        return bool(self.text)
