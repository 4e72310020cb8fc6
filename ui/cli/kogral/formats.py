"""What `kogral export` writes."""

from enum import StrEnum


class ExportFormat(StrEnum):
    """What is written."""

    MARKDOWN = "markdown"
    LOGSEQ = "logseq"
    JSON = "json"
    YAML = "yaml"
