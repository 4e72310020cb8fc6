import { createContext, type ReactNode, useContext, useEffect, useState } from "react";

export type Theme = "light" | "dark" | "system";
export type Density = "compact" | "normal" | "comfortable";

interface Preferences {
  readonly theme: Theme;
  readonly density: Density;
  /** The theme that shows, `system` resolved. */
  readonly shown: "light" | "dark";
  readonly set: (change: Partial<{ theme: Theme; density: Density }>) => void;
}

const KEY = "stratumiops.preferences";
const Context = createContext<Preferences>({
  theme: "system",
  density: "normal",
  shown: "light",
  set: () => undefined,
});
const dark = window.matchMedia("(prefers-color-scheme: dark)");

function remembered(): { theme: Theme; density: Density } {
  const fallback = { theme: "system", density: "normal" } as const;
  try {
    return { ...fallback, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as object) };
  } catch {
    return fallback;
  }
}

/** Keeps theme and density of this browser, and puts them on the page. */
export function PreferencesProvider({ children }: { children: ReactNode }) {
  const [kept, setKept] = useState(remembered);
  const [system, setSystem] = useState(dark.matches);
  useEffect(() => {
    const listen = () => setSystem(dark.matches);
    dark.addEventListener("change", listen);
    return () => dark.removeEventListener("change", listen);
  }, []);
  const shown = kept.theme === "system" ? (system ? "dark" : "light") : kept.theme;
  useEffect(() => {
    document.documentElement.dataset["theme"] = shown;
    document.documentElement.dataset["density"] = kept.density;
    localStorage.setItem(KEY, JSON.stringify(kept));
  }, [kept, shown]);
  return <Context value={{ ...kept, shown, set: (change) => setKept({ ...kept, ...change }) }}>{children}</Context>;
}

/** Theme and density, and how to change them. */
export const usePreferences = () => useContext(Context);
