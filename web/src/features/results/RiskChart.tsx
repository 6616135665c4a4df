import { BarController, BarElement, CategoryScale, Chart, LinearScale } from "chart.js";
import { useEffect, useRef } from "react";
import type { RiskScore } from "@/shared/api/types";

Chart.register(BarController, BarElement, CategoryScale, LinearScale);

const rowPx = 34;

/** Bars, longest first; the table beside it says the same to who cannot see it. */
export default function RiskChart({ lines, title }: { lines: RiskScore["breakdown"]; title: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (!canvas.current) return;
    const element = canvas.current;
    const colour = (name: string) => { // as the theme resolves it: a canvas knows no variables
      element.style.color = `var(${name})`;
      return getComputedStyle(element).color;
    };
    const chart = new Chart(element, {
      type: "bar",
      data: {
        labels: lines.map((line) => line.label),
        datasets: [{
          data: lines.map((line) => line.score),
          backgroundColor: lines.map((line) => colour(`--severity-${line.severity}`)),
          borderRadius: 4,
        }],
      },
      options: {
        indexAxis: "y",
        maintainAspectRatio: false,
        animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? false : { duration: 300 },
        scales: {
          x: { beginAtZero: true, ticks: { color: colour("--quiet") }, grid: { color: colour("--line") } },
          y: { ticks: { color: colour("--ink") }, grid: { display: false } },
        },
      },
    });
    return () => chart.destroy();
  }, [lines]);
  return (
    <div className="chart" style={{ height: 40 + rowPx * lines.length }}>
      <div role="img" aria-label={title} className="drawing"><canvas ref={canvas} /></div>
    </div>
  );
}
