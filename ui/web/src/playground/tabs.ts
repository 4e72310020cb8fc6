/**
 * GraphiQL puts buttons into its tabs, which screen readers do not find there. Here its tabs are what they look like: a
 * list of buttons, of which one is the current one.
 */
export function watchTabs(): () => void {
  const observer = new MutationObserver(correct);
  observer.observe(document.body, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["role", "aria-selected", "class"],
  });
  correct();
  return () => observer.disconnect();
}

function correct(): void {
  for (const list of document.querySelectorAll(".graphiql-tabs[role]")) list.removeAttribute("role");
  for (const tab of document.querySelectorAll(".graphiql-tab")) {
    tab.removeAttribute("role");
    tab.removeAttribute("aria-selected");
    const current = String(tab.classList.contains("graphiql-tab-active"));
    const button = tab.querySelector(".graphiql-tab-button");
    if (button?.getAttribute("aria-current") !== current) button?.setAttribute("aria-current", current);
  }
}
