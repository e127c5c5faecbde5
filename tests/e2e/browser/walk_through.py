"""The tutorial's walk-through, as its reader follows it: the commands as they stand there, with the reader's own names put in."""

import itertools
import re
import subprocess
from dataclasses import dataclass, field

from local_aws.settings import PROJECT

# What the tutorial shows in place of an id that only the reader knows.
SHOWN_ID = "1pwhfhh11z"


@dataclass
class Reader:
    environment: dict[str, str]
    # What stands in the tutorial, and what it is for this reader.
    names: dict[str, str] = field(default_factory=dict)

    def run(self, block: str) -> str:
        """Runs a block of commands, and answers what it printed."""
        for name, own in self.names.items():
            block = block.replace(name, own)
        assert "YOUR_" not in block, block
        done = subprocess.run(
            ["bash", "-euc", block], env=self.environment, capture_output=True, text=True, check=False, cwd=PROJECT
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"
        return done.stdout


def commands(heading: str, page: str = "tutorial.md") -> list[str]:
    """The blocks of commands under a heading of a page in docs/, without those that are for real AWS alone."""
    lines = (PROJECT / "docs" / page).read_text().splitlines()
    under = lines[lines.index(heading) + 1 :]
    section = "\n".join(itertools.takewhile(lambda line: not re.match("#{2,} ", line), under))
    found = re.findall(r"```bash\n(.*?)```", section, re.DOTALL)
    assert found, heading
    return found
