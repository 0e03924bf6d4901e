"""The one place that calls WeasyPrint: a paper becomes a PDF with nothing fetched from anywhere."""

from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Any

from registry.messages import N_
from reports.documents.fonts import refuse_without_fonts
from reports.documents.paper import Block, Paper, Picture
from reports.documents.qr import qr_svg
from reports.documents.speech import Speech

TEMPLATES = Path(__file__).parent / "templates"
SHEET = "paper.css"


def to_pdf(paper: Paper, say: Speech) -> bytes:
    """The bytes of the file; CannotIssue where Chinese fonts are missing."""
    refuse_without_fonts()
    return printed(to_html(paper, say))


def to_html(paper: Paper, say: Speech) -> str:
    """The paper as one page of HTML, pictures inside."""
    template = environment().get_template("paper.html")
    return str(
        template.render(
            paper=paper,
            check_label=say(N_("核验码：")),
            qr=_inlined(qr_svg(paper.check.url)) if paper.check.url else "",
        )
    )


def printed(html: str, sheet: str = SHEET) -> bytes:
    """HTML laid out, by default on the page of GB/T 9704; only what stands in the HTML itself can be drawn."""
    content: bytes = laid_out(html, sheet).write_pdf()
    return content


def laid_out(html: str, sheet: str) -> Any:
    """WeasyPrint's document, whose pages can be counted before they are written."""
    from weasyprint import CSS, HTML
    from weasyprint.urls import URLFetcher

    inside_only = URLFetcher(allowed_protocols=["data"], fail_on_errors=True)
    page = HTML(string=html, url_fetcher=inside_only)
    return page.render(stylesheets=[CSS(string=stylesheet(sheet))], presentational_hints=True)


@cache
def stylesheet(name: str = SHEET) -> str:
    """The look of every paper, or of one that has its own."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


@cache
def environment() -> Any:
    """Templates of papers: whatever a place is filled with is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.globals.update(kind_of=_kind_of, picture_of=_picture_of, pixels=_pixels)
    return environment


def _kind_of(block: Block) -> str:
    return type(block).__name__


def _picture_of(picture: Picture) -> str:
    return _inlined(picture.svg)


def _pixels(millimetres: float) -> int:
    """Of CSS: 96 to the inch."""
    return round(millimetres / 25.4 * 96)


def _inlined(svg: str) -> str:
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
