/**
 * Some systems name a language that is none to browsers, such as `en-US@posix`; libraries that ask for it would throw.
 * Then it is English. Imported before anything else.
 */
const fallback = "en-US";

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

if (!isLanguage(navigator.language)) {
  const languages = navigator.languages.filter(isLanguage);
  Object.defineProperty(navigator, "language", { value: languages[0] ?? fallback });
  Object.defineProperty(navigator, "languages", { value: languages.length ? languages : [fallback] });
}
