import { useEffect, useRef } from "react";
import UPlot from "uplot";
import { useLanguage } from "../i18n";
import { usePreferences } from "../shell/preferences";
import { type Series, stepOf } from "./chart";
import { Twins } from "./Twins";
import "uplot/dist/uPlot.min.css";
import "./parts.css";

interface Props {
  readonly label: string;
  /** What stands below: instants, days or months, in ISO 8601. */
  readonly times: readonly string[];
  readonly series: readonly Series[];
  /** Bars, one for each time until the next; those of a later series stand before those of the ones above it. */
  readonly bars?: boolean;
  readonly height?: number;
  /** How a time is written in the table. */
  readonly time: (iso: string) => string;
  /** What the column of times is called. */
  readonly timeName: string;
}

const DAY_S = 86_400;
const COLOURS = ["--accent", "--ok", "--warn", "--danger"];

const colourOf = ({ tone }: Series, index: number): string =>
  tone ? `--${tone}` : (COLOURS[index % COLOURS.length] ?? "");

/** Numbers over time as a picture, and the same as a table. */
export function Chart(props: Props) {
  return (
    <Twins
      label={props.label}
      picture={
        <>
          <Picture {...props} />
          {props.series.length > 1 && <Legend series={props.series} />}
        </>
      }
      table={<Twin {...props} />}
    />
  );
}

/** Which colour is what. */
function Legend({ series }: Pick<Props, "series">) {
  return (
    <ul className="chart-legend">
      {series.map((one, index) => (
        <li key={one.name} className="row">
          <span className="chart-key" style={{ background: `var(${colourOf(one, index)})` }} aria-hidden="true" />
          {one.name}
        </li>
      ))}
    </ul>
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
    const half = stepOf(times) / 2;
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
          bars ? { ...axis, ...marks(times, element.clientWidth, language) } : axis,
          { ...axis, size: 44, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000] },
        ],
        scales: {
          ...(bars ? { x: { range: (_, from, to) => [from - half, to + half] } } : {}),
          y: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] },
        },
        series: [
          {},
          ...series.map((one, index) => ({
            label: one.name,
            stroke: colour(colourOf(one, index)),
            fill: `${colour(colourOf(one, index))}${one.tone ? "cc" : "33"}`,
            width: 2,
            ...(bars && UPlot.paths.bars
              ? { paths: UPlot.paths.bars({ size: [0.7, 40] }), points: { show: false } }
              : {}),
          })),
        ],
      },
      [
        times.map((time) => Date.parse(time) / 1000),
        ...series.map(({ values }) => [...values].map((value) => (bars && value === 0 ? null : value))),
      ],
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

/** Marks below bars: months, days, or times of the day, as many as there is room for. */
function marks(times: readonly string[], width: number, language: string) {
  const each = Math.ceil(times.length / Math.max(1, Math.floor(width / 80)));
  const step = stepOf(times);
  const name = new Intl.DateTimeFormat(language, {
    ...(step > 27 * DAY_S ? { month: "short", year: "numeric" } : {}),
    ...(step <= 27 * DAY_S && step >= DAY_S ? { day: "numeric", month: "short" } : {}),
    ...(step < DAY_S ? { hour: "2-digit", minute: "2-digit" } : { timeZone: "UTC" }),
  });
  return {
    size: 30,
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
