"""Fails when an operation of the interface never did what it is for in an attack.

Whatever an operation that only refuses would have answered else, nobody has seen.

    python3 reached.py DOCUMENT REPORT...

DOCUMENT is the OpenAPI document, each REPORT what schemathesis has asked for, as HAR.
"""

import json
import re
import sys
from collections import Counter
from urllib.parse import urlsplit

# They have no end, or end the attack; and what the attack itself has read.
LEFT_OUT = {"watch", "stop", "getOpenapi"}


def main(document: str, reports: list[str]) -> None:
    with open(document) as file:
        paths = json.load(file)["paths"]
    operations = [
        (method.upper(), re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))), each)
        for path, methods in paths.items()
        for method, each in methods.items()
    ]
    done: Counter[str] = Counter()
    for report in reports:
        with open(report) as file:
            entries = json.load(file)["log"]["entries"]
        for entry in entries:
            request, status = entry["request"], entry["response"]["status"]
            path = urlsplit(request["url"]).path
            for method, pattern, operation in operations:
                if method == request["method"] and pattern.fullmatch(path):
                    done[operation["operationId"]] += 200 <= status < 300
                    break
    names = {operation["operationId"] for _, _, operation in operations} - LEFT_OUT
    never = sorted(name for name in names if not done[name])
    if never:
        sys.exit(f"these operations never did what they are for: {', '.join(never)}")
    print(f"each of {len(names)} operations did what it is for, {sum(done.values())} times in all")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
