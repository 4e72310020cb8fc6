// Tasks of a page's main thread by the processor time that they took: what else the machine does is not counted.

const CATEGORIES = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"];

/** Tasks of the page's main thread while `act` runs, in ms of its processor time, the longest first. */
export async function tasksWhile(page, act) {
  const browser = page.context().browser();
  await browser.startTracing(page, { categories: CATEGORIES });
  let trace;
  try {
    await act();
  } finally {
    trace = await browser.stopTracing();
  }
  return mainThreadTasks(JSON.parse(trace.toString()).traceEvents);
}

/** Of a trace, the tasks of the thread on which the page's scripts ran. */
function mainThreadTasks(events) {
  const threads = new Set(
    events.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(threadOf),
  );
  const tasks = events.filter(
    (event) => /RunTask$/.test(event.name) && event.ph === "X" && threads.has(threadOf(event)),
  );
  const sums = new Map();
  for (const task of tasks) sums.set(threadOf(task), (sums.get(threadOf(task)) ?? 0) + (task.tdur ?? 0));
  const busiest = [...sums].sort((a, b) => b[1] - a[1])[0]?.[0];
  return tasks
    .filter((task) => threadOf(task) === busiest)
    .map((task) => (task.tdur ?? 0) / 1000)
    .sort((a, b) => b - a);
}

const threadOf = ({ pid, tid }) => `${pid} ${tid}`;
