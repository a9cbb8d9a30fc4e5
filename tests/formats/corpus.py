"""Deployments and reports that are as unpleasant to write down as they can be."""

import json
import os
import random
import subprocess
from pathlib import Path

FORMATS = ["concise", "json", "jsonl", "sarif", "github", "azure", "gitlab", "junit", "rdjson"]

CLUSTER = """\
param ranges array
resource {symbol} 'Microsoft.ContainerService/managedClusters@2024-05-01' = {{
  name: 'aks'
  location: 'westeurope'
  properties: {{
    dnsPrefix: 'aks'
    /* é😀 */\t'nö\\u{{1}}\\u{{1b}}[31m😀 100%;] "x", \\'y\\': <&>\\r\\n::error::##vso[task.complete]': 3
    {profile}
  }}
}}
"""

NESTED = """\
resource d 'Microsoft.Resources/deployments@2022-09-01' = [for n in ['é', '😀']: {
  name: n
  properties: {
    mode: 'Incremental'
    template: {
      '$schema': 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#'
      contentVersion: '1.0.0.0'
      resources: [
        {
          type: 'Microsoft.ContainerService/managedClusters'
          apiVersion: '2024-05-01'
          name: n
          location: 'westeurope'
          properties: { apiServerAccessProfile: { authorizedIPRanges: [] } }
        }
      ]
    }
  }
}]
"""

# Names as Linux allows them. Windows and checkouts there would not.
FILES = {
    "a b:c, d.bicep": CLUSTER.format(symbol="aks", profile="apiServerAccessProfile: { authorizedIPRanges: ranges }"),
    "100% [é]; 😀 'q' \"r\" #&<>.bicep": CLUSTER.format(
        symbol="aks", profile="/* 😀\t */ apiServerAccessProfile: { authorizedIPRanges: [] }"
    ).replace("\n", "\r\n"),
    "deep er/bom.bicep": "\ufeff/* é😀 */ var a = 'b' 'c'\r\n" + CLUSTER.format(symbol="aks", profile="").replace("'aks'\n  location", "'a\\tb'\n  location"),
    "deep er/passes.bicep": CLUSTER.format(
        symbol="aks", profile="disableLocalAccounts: true, apiServerAccessProfile: { authorizedIPRanges: ['203.0.113.0/24'] }"
    ),
    "twice.bicep": "var a = noSuchThing\nvar b = noSuchThing\nvar c = [noSuchThing, noSuchThing] // 😀 \x7f\u2028\n"
    "var text = 'not closed \x01\x1b[2J\nvar z = \u00a0@",
    "calls.bicep": "module m 'a b:c, d.bicep' = {\n  name: 'm'\n  params: { ranges: [] }\n}\n"
    "module n 'no/such é.bicep' = { name: 'n' }\n"
    "module o 'br/public:avm/res/container-service/managed-cluster:0.10.0' = {\n  name: 'o'\n  params: { name: 'o' }\n}\n",
    "clean.bicep": "param location string\n",
    # Templates within a file are sources of their own.
    "nested.bicep": NESTED,
    "arm é.json": '{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", '
    '"contentVersion": "1.0.0.0", "resources": [{"type": "Microsoft.ContainerService/managedClusters", '
    '"apiVersion": "2024-05-01", "name": "aks😀", "location": "[nope(]", "properties": {}}]}',
    "calls arm.bicep": "module t 'arm é.json' = { name: 't' }\n",
}


class Bundle:
    """What one run wrote, format by format, and the texts it speaks of."""

    def __init__(self, name, outputs, sources):
        self.name, self.outputs, self.sources = name, outputs, sources

    def with_output(self, name, text):
        return Bundle(self.name, {**self.outputs, name: text}, self.sources)

    @property
    def findings(self):
        return json.loads(self.outputs["json"])["findings"]


def read(folder):
    return {name: (folder / name).read_bytes().decode() for name in FORMATS}


def deployment(program, folder):
    """The program itself, on files, with all formats in one run."""
    sources = {f"in fra/{name}": text for name, text in FILES.items()}
    for name, text in sources.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    surroundings = {k: v for k, v in os.environ.items() if not k.startswith("GITHUB_")}
    runs = []
    for attempt in ["out", "again"]:
        (folder / attempt).mkdir()
        formats = [f"--format={name}={attempt}/{name}" for name in FORMATS]
        command = [program, "check", "in fra", "--show", "pass,unknown", *formats]
        code = subprocess.run(command, cwd=folder, env=surroundings).returncode
        assert code == 1, f"exit code {code}"
        runs.append(read(folder / attempt))
    assert runs[0] == runs[1], "two runs differ"
    outcomes = {finding["outcome"] for finding in json.loads(runs[0]["json"])["findings"]}
    assert outcomes == {"fail", "pass", "unknown"}, outcomes
    return Bundle("deployment", runs[0], sources)


PIECES = [
    "é", "😀", "\t", "\r\n", "\n", "\r", "%", "%25", "%0A", "%AZP25", "]", "[", ";", ":", "::", ",", "=", "'", '"', "`",
    "##vso[task.complete result=Failed;]", "::error::", "<![CDATA[", "]]>", "&", "&amp;", "<a>", "\\", "\\u0001", "\x01",
    "\x1b[31m", "\x7f", "\u2028", "\ufffe", "\ufeff", "\u202e", "{0}", "{", "}", "word", " ", "e\u0301", "10:20: error[X]: y",
]  # fmt: skip
CODES = ["BCP018", "BCP037", "aks-authorized-ip-ranges", "aks-local-accounts-enabled", "letter-case-of-value"]


def nasty(random_, most, without=""):
    text = "".join(random_.choices(PIECES, k=random_.randint(1, most)))
    return "".join(c for c in text if c not in without)


def boundary(random_, text):
    """A byte offset between two characters."""
    return len(text[: random_.randint(0, len(text))].encode())


def report(seed, files=12, findings=150):
    """A report of texts that no file could lead to, as `render.rs` takes it."""
    random_ = random.Random(seed)
    # A name starts with a letter and ends in one: Microsoft's parser trims what it reads. Colons with digits
    # behind would make the concise line ambiguous.
    labels = sorted({f"d{n}/{nasty(random_, 5, ':/')}.bicep" for n in range(files)})
    sources = [{"label": label, "text": nasty(random_, 60)} for label in labels]

    def place():
        file = random_.randrange(len(sources))
        offsets = [boundary(random_, sources[file]["text"]) for _ in range(2)]
        return {"file": file, "start": min(offsets), "end": max(offsets)}

    def finding():
        notes = [{**place(), "message": nasty(random_, 6)} for _ in range(random_.randint(0, 3))]
        return {
            **place(),
            "code": random_.choice(CODES),
            "severity": random_.choice(["error", "warning", "info"]),
            "outcome": random_.choice(["fail", "fail", "fail", "pass", "unknown"]),
            "message": "m" + nasty(random_, 12),
            "help": random_.choice([None, nasty(random_, 8)]),
            "symbol": random_.choice(["aks", "é"]),
            "trail": notes,
            "related": notes[:1],
        }

    return {"sources": sources, "findings": [finding() for _ in range(findings)]}


def fuzzed(renderer, folder, seed):
    """Every format of a made-up report."""
    given = report(seed)
    folder.mkdir()
    subprocess.run([renderer, folder], input=json.dumps(given).encode(), check=True)
    bundle = Bundle(f"fuzzed {seed}", read(folder), {s["label"]: s["text"] for s in given["sources"]})
    said = sorted((f["file"], f["rule"], f["message"], f["severity"]) for f in bundle.findings)
    wanted = sorted((given["sources"][f["file"]]["label"], f["code"], f["message"], f["severity"]) for f in given["findings"])
    assert said == wanted, "JSON does not hold the report"
    return bundle
