import { words } from "../i18n";

export const useTagWords = words(
  {
    title: "Tags",
    tag: "Tag",
    count: "Nodes",
    find: "Find a tag",
    explore: "Explore",
    exploreTag: (tag: string) => `Explore ${tag}`,
    found: (count: number, more: boolean) => `${count}${more ? " or more" : ""} tags`,
    empty: "No node has a tag.",
    emptyText: "Tags come from front matter, from #tags in text, and from what you write.",
    import: "Import a folder",
    none: "No tag has such a name.",
    all: "Show all tags",
  },
  {
    title: "Etiquetas",
    tag: "Etiqueta",
    count: "Nodos",
    find: "Encontrar una etiqueta",
    explore: "Explorar",
    exploreTag: (tag: string) => `Explorar ${tag}`,
    found: (count: number, more: boolean) => `${count}${more ? " o más" : ""} etiquetas`,
    empty: "Ningún nodo tiene etiquetas.",
    emptyText: "Las etiquetas vienen del encabezado, de #etiquetas en el texto y de lo que se escribe.",
    import: "Importar una carpeta",
    none: "Ninguna etiqueta se llama así.",
    all: "Mostrar todas",
  },
);
