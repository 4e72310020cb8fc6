import { expect, test } from "vitest";
import { notesOf, problemOfNotes, secondsOf, settingChanges, settingsOf, timeOf } from "./settings";

test("lengths of time are read as people write them", () => {
  expect(["90m", "30d", "1h30m", " 45 S", "", "0"].map(secondsOf)).toEqual([5_400, 2_592_000, 5_400, 45, 0, 0]);
  for (const text of ["90", "1w", "-1h", "1.5h", "h", "9999999999s"]) expect(secondsOf(text)).toBeUndefined();
  for (const seconds of [1, 61, 5_400, 7_200, 86_400, 90_000]) expect(secondsOf(timeOf(seconds))).toBe(seconds);
  expect([timeOf(0), timeOf(null)]).toEqual(["", ""]);
});

const KEPT = {
  customMetadata: [{ key: "owner", value: "ada" }],
  maxVersions: 7,
  casRequired: true,
  deleteVersionAfter: 5_400,
};

test("only what differs is changed", () => {
  expect(settingChanges(KEPT, notesOf(KEPT), settingsOf(KEPT))).toEqual({});
  const empty = { maxVersions: "", deleteVersionAfter: "", casRequired: false };
  expect(settingChanges(KEPT, [{ id: 4, key: " ", value: "" }], empty)).toEqual({
    customMetadata: [],
    maxVersions: 0,
    casRequired: false,
    deleteVersionAfter: 0,
  });
  const more = [...notesOf(KEPT), { id: 1, key: "team ", value: "shop" }];
  expect(settingChanges(KEPT, more, settingsOf(KEPT)).customMetadata).toEqual([
    { key: "owner", value: "ada" },
    { key: "team", value: "shop" },
  ]);
});

test("each note has a name of its own", () => {
  const note = (id: number, key: string, value = "x") => ({ id, key, value });
  expect(problemOfNotes([note(0, "a"), note(1, ""), note(2, "b")])).toBe("noName");
  expect(problemOfNotes([note(0, "a"), note(1, "a ")])).toBe("nameTwice");
  expect(problemOfNotes([note(0, "a"), note(1, "", "")])).toBeUndefined();
});
