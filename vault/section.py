"""A part of `svault.toml`: what it does not know is refused."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A part of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)
