import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { I18nProvider } from "react-aria-components";

export type Language = "en" | "es";

/** Words of one part of the app in both languages; what takes values is a function of them. */
export type Words = Record<string, string | ((...values: never[]) => string)>;

const KEY = "stratumiops.language";
const Context = createContext<{ language: Language; setLanguage: (language: Language) => void }>({
  language: "en",
  setLanguage: () => undefined,
});

function remembered(): Language {
  const kept = localStorage.getItem(KEY);
  if (kept === "en" || kept === "es") return kept;
  return navigator.language.startsWith("es") ? "es" : "en";
}

/** Keeps the language, and tells the page what it is. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(remembered);
  useEffect(() => {
    document.documentElement.lang = language;
    localStorage.setItem(KEY, language);
  }, [language]);
  return (
    <Context value={{ language, setLanguage }}>
      <I18nProvider locale={language}>{children}</I18nProvider>
    </Context>
  );
}

/** The language, and how to change it. */
export const useLanguage = () => useContext(Context);

/** A hook that gives a part's words in the reader's language. Both languages have the same words. */
export function words<T extends Words>(en: T, es: { [K in keyof T]: T[K] extends string ? string : T[K] }): () => T {
  return () => (useLanguage().language === "es" ? (es as unknown as T) : en);
}

/** A moment as the reader writes it; days alone stay days. */
export function useDates(): {
  day: (iso: string) => string;
  moment: (iso: string) => string;
  ago: (iso: string) => string;
} {
  const { language } = useLanguage();
  const day = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });
  const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const ago = (iso: string): string => {
    const seconds = (Date.parse(iso) - Date.now()) / 1000;
    for (const [unit, size] of UNITS) {
      if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit);
    }
    return relative.format(0, "second");
  };
  return { day: (iso) => day.format(new Date(iso)), moment: (iso) => moment.format(new Date(iso)), ago };
}

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];
