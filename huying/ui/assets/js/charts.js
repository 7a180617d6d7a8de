// Charts from a small description in <script type="application/json">: {type, labels, series: [{name, data, tone}], unit}.
import { init, use } from 'echarts/core'
import { BarChart, LineChart, PieChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { CanvasRenderer } from 'echarts/renderers'
import { fresh } from './content.js'

use([BarChart, LineChart, PieChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer])

const tones = { info: '#1d5aa6', good: '#2b8a57', wait: '#c98a14', bad: '#c02a1f', hold: '#7a67b5', neutral: '#8695a8' }
const onDark = { info: '#5aa2ee', good: '#57c98a', wait: '#f0b84a', bad: '#f2786c', hold: '#a996e0', neutral: '#9db2cb' }
const row = (p) => [p.info, p.wait, p.good, p.hold, p.neutral, p.bad]

function option(spec, dark) {
  const palette = dark ? onDark : tones
  const ink = dark ? '#cfe2f8' : '#3a4a5f'
  const line = dark ? '#1f4d83' : '#e3e9f0'
  const font = getComputedStyle(document.body).fontFamily
  const size = dark ? 15 : 13
  const color = spec.series.map((s, i) => palette[s.tone] ?? row(palette)[i % 6])
  const common = {
    animation: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    animationDuration: 400,
    color,
    textStyle: { fontFamily: font, fontSize: size, color: ink },
    aria: { enabled: true, decal: { show: spec.decal ?? spec.series.length > 1 } },
    // Drawn on the canvas: the usual tooltip writes style attributes, which the policy forbids.
    tooltip: { renderMode: 'richText', trigger: spec.type === 'pie' ? 'item' : 'axis', confine: true, valueFormatter: (v) => (v === null || v === undefined ? '—' : `${v}${spec.unit ?? ''}`) },
    legend: { show: spec.series.length > 1, bottom: 0, icon: 'roundRect', itemWidth: 14, itemHeight: 10, textStyle: { color: ink, fontSize: size } },
  }
  if (spec.type === 'pie') {
    const data = spec.labels.map((name, i) => ({ name, value: spec.series[0].data[i], itemStyle: { color: palette[spec.tones?.[i]] ?? row(palette)[i % 6] } }))
    return { ...common, aria: { enabled: true, decal: { show: true } }, series: [{ type: 'pie', radius: ['38%', '60%'], center: ['50%', '50%'], data, labelLine: { length: 10, length2: 6 }, label: { color: ink, overflow: 'break', formatter: '{b} {c}', fontSize: size }, itemStyle: { borderColor: dark ? '#0d2d56' : '#fff', borderWidth: 2 } }] }
  }
  const category = { type: 'category', data: spec.labels, inverse: Boolean(spec.horizontal), axisLine: { lineStyle: { color: line } }, axisTick: { show: false }, axisLabel: { color: ink, fontSize: size, hideOverlap: true } }
  const value = { type: 'value', minInterval: spec.unit === '%' ? undefined : 1, max: spec.max, splitLine: { lineStyle: { color: line } }, axisLabel: { color: ink, fontSize: size, formatter: spec.unit === '%' ? '{value}%' : '{value}' } }
  return {
    ...common,
    grid: { left: 8, right: 16, top: 16, bottom: spec.series.length > 1 ? 36 : 8, containLabel: true },
    xAxis: spec.horizontal ? value : category,
    yAxis: spec.horizontal ? category : value,
    series: spec.series.map((s) => ({
      name: s.name, data: s.data, type: spec.type === 'line' ? 'line' : 'bar', stack: spec.stacked ? 'all' : undefined,
      barMaxWidth: 28, symbolSize: 7, symbol: 'circle', lineStyle: { width: 2.5 }, connectNulls: false,
      itemStyle: spec.type === 'line' || spec.stacked ? {} : { borderRadius: spec.horizontal ? [0, 3, 3, 0] : [3, 3, 0, 0] },
      label: { show: spec.type !== 'line' && spec.series.length === 1 && s.data.length <= 12, position: spec.horizontal ? 'right' : 'top', color: ink, fontSize: size },
    })),
  }
}

export function startCharts(root) {
  for (const box of fresh(root, '[data-chart]', 'Chart')) {
    let spec
    try { spec = JSON.parse(box.querySelector('script[type="application/json"]').textContent) } catch { continue }
    const canvas = box.querySelector('.hy-chart-canvas')
    const chart = init(canvas, null, { renderer: 'canvas' })
    chart.setOption(option(spec, Boolean(box.closest('.hy-wall'))))
    new ResizeObserver(() => { if (canvas.isConnected) chart.resize(); else chart.dispose() }).observe(canvas)
  }
}
