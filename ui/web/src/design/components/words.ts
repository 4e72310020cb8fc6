import { words } from "../../i18n";

export const useMarkdownWords = words(
  {
    part: (percent: number, size: string) => `${percent} % of ${size} shows.`,
    all: (size: string) => `All of it shows: ${size}.`,
    show: "Show all of it",
    save: "Save as a file",
    moreLines: (count: number) => `${count} more lines are different.`,
    showLines: "Show more lines",
  },
  {
    part: (percent: number, size: string) => `Se muestra el ${percent} % de ${size}.`,
    all: (size: string) => `Se muestra todo: ${size}.`,
    show: "Mostrarlo todo",
    save: "Guardar como archivo",
    moreLines: (count: number) => `${count} líneas más son distintas.`,
    showLines: "Mostrar más líneas",
  },
);
