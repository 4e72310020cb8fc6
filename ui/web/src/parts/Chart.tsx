import { useEffect, useRef, useState } from "react";
import UPlot from "uplot";
import { useLanguage } from "../i18n";
import { usePreferences } from "../shell/preferences";
import type { Series } from "./chart";
import { usePartsWords } from "./words";
import "uplot/dist/uPlot.min.css";
import "./parts.css";

interface Props {
  readonly label: string;
  /** What stands below: days or months, in ISO 8601. */
  readonly times: readonly string[];
  readonly series: readonly Series[];
  /** Bars, one a month. */
  readonly bars?: boolean;
  readonly height?: number;
  /** How a time is written in the table. */
  readonly time: (iso: string) => string;
  /** What the column of times is called. */
  readonly timeName: string;
}

const HALF_MONTH = 15 * 86_400;
const COLOURS = ["--accent", "--ok", "--warn", "--danger"];

/** Numbers over time as a picture, and the same as a table. */
export function Chart(props: Props) {
  const t = usePartsWords();
  const [table, setTable] = useState(false);
  return (
    <figure className="chart" aria-label={props.label}>
      <figcaption className="row">
        <h2>{props.label}</h2>
        <fieldset className="switches chart-switch" aria-label={t.showAs}>
          <button type="button" aria-pressed={!table} onClick={() => setTable(false)}>
            {t.chart}
          </button>
          <button type="button" aria-pressed={table} onClick={() => setTable(true)}>
            {t.table}
          </button>
        </fieldset>
      </figcaption>
      {table ? <Twin {...props} /> : <Picture {...props} />}
    </figure>
  );
}

function Picture({ label, times, series, bars, height = 180 }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const { shown } = usePreferences();
  const { language } = useLanguage();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are those of the theme that shows
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const styles = getComputedStyle(element);
    const colour = (name: string) => styles.getPropertyValue(name).trim();
    const axis = {
      stroke: colour("--muted"),
      font: "12px Inter Variable, sans-serif",
      grid: { stroke: colour("--hairline"), width: 1 },
      ticks: { show: false },
    };
    const plot = new UPlot(
      {
        width: element.clientWidth,
        height,
        legend: { show: false },
        cursor: { points: { size: 7 }, drag: { x: false, y: false } },
        axes: [
          bars ? { ...axis, ...monthly(times, element.clientWidth, language) } : axis,
          { ...axis, size: 44, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000] },
        ],
        scales: {
          ...(bars ? { x: { range: (_, from, to) => [from - HALF_MONTH, to + HALF_MONTH] } } : {}),
          y: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] },
        },
        series: [
          {},
          ...series.map(({ name }, index) => ({
            label: name,
            stroke: colour(COLOURS[index % COLOURS.length] ?? ""),
            fill: `${colour(COLOURS[index % COLOURS.length] ?? "")}33`,
            width: 2,
            ...(bars && UPlot.paths.bars
              ? { paths: UPlot.paths.bars({ size: [0.7, 40] }), points: { show: false } }
              : {}),
          })),
        ],
      },
      [times.map((time) => Date.parse(time) / 1000), ...series.map(({ values }) => [...values])],
      element,
    );
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [times, series, bars, height, shown, language]);
  return <div className="chart-picture" ref={box} role="img" aria-label={label} style={{ height }} />;
}

/** Marks below bars: as many months as there is room for. */
function monthly(times: readonly string[], width: number, language: string) {
  const each = Math.ceil(times.length / Math.max(1, Math.floor(width / 80)));
  const name = new Intl.DateTimeFormat(language, { month: "short", year: "numeric", timeZone: "UTC" });
  return {
    splits: () => times.filter((_, index) => index % each === 0).map((time) => Date.parse(time) / 1000),
    values: (_: UPlot, splits: number[]) => splits.map((split) => name.format(split * 1000)),
  };
}

function Twin({ label, times, series, time, timeName, height = 180 }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard
    <section className="chart-table" style={{ maxHeight: height }} tabIndex={0} aria-label={label}>
      <table className="data-table">
        <thead>
          <tr>
            <th scope="col">{timeName}</th>
            {series.map(({ name }) => (
              <th key={name} scope="col" className="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times.map((each, index) => (
            <tr key={each}>
              <td>{time(each)}</td>
              {series.map(({ name, values }) => (
                <td key={name} className="number">
                  {values[index]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
