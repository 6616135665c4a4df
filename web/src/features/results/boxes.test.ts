import { describe, expect, it } from "vitest";
import type { EvidenceFile, Observation } from "@/shared/api/types";
import { boxOf } from "./boxes";

const file = { metadata: { width: "200", height: "100" } } as unknown as EvidenceFile;
const seen = (more: Partial<Observation>) => ({ bbox: null, extra: null, ...more }) as Observation;

describe("boxOf", () => {
  it("reads pixels", () => {
    expect(boxOf(seen({ bbox: [20, 10, 120, 60] }), file)).toEqual({ left: 10, top: 10, width: 50, height: 50 });
  });
  it("reads the model's thousandths, y first", () => {
    expect(boxOf(seen({ extra: { box_1000: "[100,200,300,600]" } }), file)).toEqual({ left: 20, top: 10, width: 40, height: 20 });
  });
  it("draws nothing of nonsense", () => {
    for (const told of ["[1,2]", "no", "[0,0,0,0]", '["a",1,2,3]', "null"])
      expect(boxOf(seen({ extra: { box_1000: told } }), file), told).toBeNull();
    expect(boxOf(seen({ bbox: [1, 2, 3, 4] }), { metadata: null } as EvidenceFile)).toBeNull();
  });
});
