"""Makes there be something to attack, and adds to settings what names it.

A server serves flows of the same form. Recordings, tables and text come to wait in each, something
is thrown away, drafts are edited; then it is written down what there is: connections, numbers of
flowfiles, events, trash, revisions, a user. Each of the settings names one flow.

    python3 world.py URL TOKEN FOLDER NAME PASSWORD FLOW=SETTINGS...
"""

import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import wave
from pathlib import Path

WAITING = "Know [success] -> Put"
FILES = 3
TRIES = 300
# How often something is thrown away in each flow.
ROUNDS = 3


def main(url: str, token: str, folder: Path, user: list[str], settings: dict[str, Path]) -> None:
    def ask(method: str, path: str, body: object = None) -> object:
        data = None if body is None else json.dumps(body).encode()
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        request = urllib.request.Request(url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            sys.exit(f"{method} {path}: {error.code} {error.read().decode()}")

    def waiting(flow: str) -> dict[str, int]:
        query = urllib.parse.urlencode({"connection": WAITING})
        page = ask("GET", f"/api/v1/flows/{flow}/queue?{query}")
        return {each["attributes"]["filename"]: each["number"] for each in page["flowfiles"]}

    def filled(flow: str) -> dict[str, int]:
        for _ in range(TRIES):
            if len(found := waiting(flow)) >= FILES:
                return found
            time.sleep(0.1)
        sys.exit(f'nothing comes to wait in "{flow}"')

    def fill() -> list[dict[str, int]]:
        for flow in settings:
            write_files(folder / flow / "in")
        return [filled(flow) for flow in settings]

    await_ready(url)
    for _ in range(ROUNDS):
        fill()
        for flow in settings:
            ask("POST", f"/api/v1/flows/{flow}/queue/empty", {"connection": WAITING})
    numbers = fill()
    trash = []
    revisions = []
    for flow in settings:
        path = f"/api/v1/flows/{flow}"
        trash += [each["id"] for each in ask("GET", f"{path}/trash")["queues"]]
        before = {}
        for text in ["one", "two", "three"]:
            change = {"document": "flow", "path": ["description"], **before, "after": text}
            ask("POST", f"{path}/operations", {"label": text, "changes": [change]})
            before = {"before": text}
        revisions.append(ask("POST", f"{path}/undo", {})["revision"])
        ask("POST", f"{path}/apply", {"revision": revisions[-1]})
    events = [each["number"] for each in ask("GET", "/api/v1/provenance?limit=50")["events"]]
    dictionaries = {
        "connections": [WAITING, "Get [success] -> Know"],
        "components": ["List", "Get", "Know", "Put"],
        "events": events,
        "trash": sorted(set(trash)),
        "revisions": sorted(set(revisions)),
        "names": [user[0]],
        "passwords": [user[1]],
    }
    bound = {
        "query.component": "components",
        "path.event": "events",
        "path.id": "trash",
        "body.connection": "connections",
        "body.to": "connections",
        "body.processor": "components",
        "body.events[*]": "events",
        "body.processors[*]": "components",
        "body.revision": "revisions",
        "body.name": "names",
        "body.password": "passwords",
    }
    for (flow, file), named in zip(settings.items(), numbers):
        text = file.read_text()
        for name, values in dictionaries.items():
            if not values:
                sys.exit(f"there are no {name}")
            text += f"\n[dictionaries.{name}]\nvalues = {json.dumps(values)}\n"
        text += f'\n[parameters]\n"path.flow" = "{flow}"\n"query.number" = {named["tone.wav"]}\n'
        text += f'"query.connection" = "{WAITING}"\n'
        for name, values in bound.items():
            text += f'"{name}" = {{ dictionary = "{values}" }}\n'
        text += '\n[[operations]]\ninclude-operation-id = "getTable"\n'
        text += f'parameters = {{ "query.number" = {named["table.csv"]} }}\n'
        file.write_text(text)


def await_ready(url: str) -> None:
    for _ in range(TRIES):
        try:
            urllib.request.urlopen(url + "/health/ready", timeout=30).close()
        except urllib.error.HTTPError:
            time.sleep(0.1)
        else:
            return
    sys.exit("the flows do not start")


def write_files(folder: Path) -> None:
    # Under a name that is not taken in until the whole file is there.
    for name, write in {
        "tone.wav": tone,
        "table.csv": lambda path: path.write_text("name,seconds\na,1\nb,2\n"),
        "words.txt": lambda path: path.write_text("words\n"),
    }.items():
        hidden = folder / f".{name}"
        write(hidden)
        hidden.rename(folder / name)


def tone(path: Path) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(range(256)) * 125)


if __name__ == "__main__":
    named = (each.split("=", 1) for each in sys.argv[6:])
    files = {flow: Path(file) for flow, file in named}
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), sys.argv[4:6], files)
