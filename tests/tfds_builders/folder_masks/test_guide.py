import ast
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from tfds_builders import folder_masks
from tfds_builders.folder_masks.folder_settings import parse_folder_settings

PACKAGE = Path(folder_masks.__path__[0])
GUIDE = PACKAGE.parents[1] / "docs" / "folder_masks.md"


def test_the_guides_taxonomy_reads_masks_of_0_and_255() -> None:
    text = GUIDE.read_text("utf-8").partition("```yaml\n")[2].partition("```")[0]
    settings = parse_folder_settings(yaml.safe_load(text))
    assert settings.taxonomy.names == ("background", "car")
    assert settings.taxonomy.commercial == "yes"
    assert settings.mask_code.ids_by_value == {0: 0, 255: 1}


def test_every_message_of_the_guide_is_in_the_sources() -> None:
    cells = re.findall(r"^\| (`.*?`) \|", GUIDE.read_text("utf-8"), re.MULTILINE)
    messages = [text for cell in cells for text in re.findall(r"`(.*?)`", cell)]
    assert len(messages) >= 26
    said = [
        words
        for folder in (PACKAGE, PACKAGE.parent)
        for path in folder.glob("*.py")
        for words in _messages(path)
    ]
    missing = [
        message
        for message in messages
        if not any(_begins(message, words) for words in said)
    ]
    assert missing == []


def _messages(path: Path) -> Iterator[list[str]]:
    """Returns the words of every text in a source; values in it become `*`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr):
            parts = [
                str(part.value) if isinstance(part, ast.Constant) else "*"
                for part in node.values
            ]
            yield "".join(parts).split()
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value.split()


def _begins(message: str, said: list[str]) -> bool:
    """Tells whether a text begins like the message, where its values fit anything."""
    words = message.split()
    pairs = zip(words, said, strict=False)
    return len(words) <= len(said) and all(
        "*" in template or word == "..." or template.rstrip(",;:") == word.rstrip(",:")
        for word, template in pairs
    )
