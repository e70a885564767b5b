import { describe, expect, it } from "vitest";
import { apply, type Documents } from "../src/graph/changes";
import { endRelationships } from "../src/graph/loose";
import { catalogOf } from "../src/graph/relationships";
import types from "./fixtures/processor-types.json";
import type { ProcessorType } from "../src/api/types";

const catalog = catalogOf(types as unknown as ProcessorType[]);

const documents: Documents = {
  flow: {
    format: 1,
    name: "f",
    groups: {
      G: {
        processors: {
          Get: { type: "GetFile" },
          Put: { type: "PutObject", autoTerminate: ["success"] },
          Other: { type: "PutObject" },
        },
        connections: {
          "Get [success] -> Put": { from: "Get", relationships: ["success"], to: "Put" },
        },
      },
    },
  },
  layout: {},
};

describe("relationships that lead nowhere", () => {
  it("end, and none that a wire carries or that ends already", () => {
    const { changes, ended } = endRelationships(documents, "G", ["Get", "Put"], catalog);
    expect(ended).toEqual([{ name: "Put", relationship: "failure" }]);
    expect(apply(documents, changes).flow).toMatchObject({
      groups: { G: { processors: { Put: { autoTerminate: ["failure", "success"] } } } },
    });
    expect(apply(documents, changes).flow).not.toHaveProperty(
      "groups.G.processors.Get.autoTerminate",
    );
    expect(apply(documents, changes).flow).not.toHaveProperty(
      "groups.G.processors.Other.autoTerminate",
    );
  });

  it("need no change where there are none", () => {
    expect(endRelationships(documents, "G", ["Get"], catalog).changes).toEqual([]);
  });
});
