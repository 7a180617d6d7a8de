"""A chart as a part of a Word document: drawn by Word itself from the figures, so it stays sharp and can be restyled."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Mm

from huying.reports.papers import charts
from huying.reports.papers.sheet import Block

_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_FILL = '<a:solidFill><a:srgbClr val="1D5AA6"/></a:solidFill>'
_FONT = (
    '<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="900"/></a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'
)


def add(document: Any, block: Block, number: int) -> None:
    """Put the chart where the document ends now. *number* is any that no other chart of it has."""
    part = Part(
        PackURI(f"/word/charts/chart{number}.xml"), _TYPE, _xml(block).encode(), document.part.package
    )
    rel = document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    wide, high = int(Mm(150)), int(Mm(max(30.0, charts.height(block) * 1.15)))
    drawing = parse_xml(
        f'<w:drawing xmlns:w="{_W}" xmlns:wp="{_WP}" xmlns:a="{_A}" xmlns:c="{_C}" xmlns:r="{_R}">'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{wide}" cy="{high}"/>'
        f'<wp:docPr id="{number}" name="chart {number}" descr={_quoted(block["title"])}/>'
        f'<a:graphic><a:graphicData uri="{_C}"><c:chart r:id="{rel}"/></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing>"
    )
    line = document.add_paragraph()
    line.paragraph_format.line_spacing_rule = 0  # as high as the chart
    line.paragraph_format.line_spacing = 1.0
    line.add_run()._r.append(drawing)


def _quoted(text: Any) -> str:
    return '"' + escape(str(text), {'"': "&quot;"}) + '"'


def _xml(block: Block) -> str:
    bars = block["t"] == "bars"
    low, most = charts.scale([one for one in block["values"] if one is not None], block.get("unit", ""))
    series = (
        '<c:ser><c:idx val="0"/><c:order val="0"/><c:tx>'
        f"<c:v>{escape(str(block['title']))}</c:v></c:tx>"
        + (f"<c:spPr>{_FILL}</c:spPr>" if bars else f'<c:spPr><a:ln w="22225">{_FILL}</a:ln></c:spPr>')
        + ("" if bars else '<c:marker><c:symbol val="circle"/><c:size val="4"/></c:marker>')
        + f"<c:cat><c:strLit>{_points(block['labels'])}</c:strLit></c:cat>"
        f"<c:val><c:numLit><c:formatCode>General</c:formatCode>{_points(block['values'])}</c:numLit></c:val>"
        + ("</c:ser>" if bars else '<c:smooth val="0"/></c:ser>')
    )
    labels = (
        '<c:dLbls><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/>'
        '<c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
    )
    if bars:
        plot = (
            f'<c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/>{series}{labels}'
            '<c:gapWidth val="60"/><c:axId val="1"/><c:axId val="2"/></c:barChart>'
        )
    else:
        plot = (
            f'<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>{series}'
            '<c:marker val="1"/><c:axId val="1"/><c:axId val="2"/></c:lineChart>'
        )
    # Bars are read from the top down; Word draws the first one at the bottom unless it is told otherwise.
    order = "maxMin" if bars else "minMax"
    category = (
        f'<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="{order}"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="{"l" if bars else "b"}"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="nextTo"/>{_FONT}<c:crossAx val="2"/></c:catAx>'
    )
    value = (
        f'<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/><c:max val="{most:g}"/>'
        f'<c:min val="{low:g}"/></c:scaling><c:delete val="{1 if bars else 0}"/>'
        f'<c:axPos val="{"b" if bars else "l"}"/>{"" if bars else "<c:majorGridlines/>"}'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        f'{_FONT}<c:crossAx val="1"/></c:valAx>'
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><c:chartSpace xmlns:c="{_C}" xmlns:a="{_A}" '
        f'xmlns:r="{_R}"><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>'
        f'{plot}{category}{value}</c:plotArea><c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        "</c:chartSpace>"
    )


def _points(values: Any) -> str:
    there = "".join(
        f'<c:pt idx="{n}"><c:v>{escape(str(one))}</c:v></c:pt>'
        for n, one in enumerate(values)
        if one is not None
    )
    return f'<c:ptCount val="{len(values)}"/>{there}'
