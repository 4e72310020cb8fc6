import { words } from "../i18n";

export const useJournalWords = words(
  {
    title: "Journal",
    latest: "Latest entry",
    calendar: "Calendar",
    entries: (count: number) => (count === 1 ? "1 entry" : `${count} entries`),
    none: "Nothing was written on this day.",
    write: "Write an entry",
    text: "What happened?",
    save: "Save the entry",
    saved: "The entry is written.",
  },
  {
    title: "Diario",
    latest: "Última entrada",
    calendar: "Calendario",
    entries: (count: number) => (count === 1 ? "1 entrada" : `${count} entradas`),
    none: "Este día no se escribió nada.",
    write: "Escribir una entrada",
    text: "¿Qué pasó?",
    save: "Guardar la entrada",
    saved: "La entrada está escrita.",
  },
);
