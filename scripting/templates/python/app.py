"""A processor: what it is, what it thinks of its properties, and what it does."""

import json

import wit_world
from componentize_py_types import Err
from wit_world.imports import session, types


class WitWorld(wit_world.WitWorld):
    def describe(self) -> types.Descriptor:
        return types.Descriptor(
            name="NameStem",
            version="0.1.0",
            description=(
                "Takes a filename apart. The attribute that **Attribute** names is what comes "
                "before the last dot, and the content becomes JSON that tells both, and how long "
                "the content was."
            ),
            tags=["attributes", "filename"],
            relationships=[types.Relationship("success", "What was taken apart.")],
            properties=[
                types.Property(
                    name="Attribute",
                    description="The attribute that is set.",
                    kind=types.PropertyKind.TEXT,
                    required=True,
                    sensitive=False,
                    expression_language=False,
                    default="stem",
                    allowed=[],
                )
            ],
            dynamic_properties=False,
            source=False,
        )

    def validate(self, properties: list[tuple[str, str]]) -> list[tuple[str, str]]:
        wrong = {("Attribute", "uuid"): "the uuid cannot be changed"}
        return [(name, wrong[name, value]) for name, value in properties if (name, value) in wrong]

    def process(self) -> None:
        attribute = session.property("Attribute", None) or "stem"
        while items := session.get(100):
            for item in items:
                name = item.flowfile.attribute("filename") or ""
                dot = name.rfind(".")
                stem = name[:dot] if dot > 0 else name
                told = {"name": name, "stem": stem, "bytes": item.size}
                try:
                    item.flowfile.set_attributes(
                        [(attribute, stem), ("mime.type", "application/json")], []
                    )
                    item.flowfile.write_all(json.dumps(told, ensure_ascii=False).encode())
                except Err as refused:
                    fault = types.Fault(str(refused.value), None, "")
                    raise Err(types.Failure_Fatal(fault)) from refused
            session.transfer([item.flowfile for item in items], "success")
