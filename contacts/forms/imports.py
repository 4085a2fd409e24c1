"""The questions of an import: which list, where it comes from, how it is read, which column holds what."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.imports.columns import Column, Why
from contacts.imports.decoding import ENCODINGS
from contacts.imports.fields import LABELS, Field
from contacts.imports.reading import MAX_BYTES, Options
from contacts.models import Basis, Import
from foundation.inputs import DayField

ENCODING_NAMES = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows (1252)",
    "mac_roman": "Mac Roman",
    "iso-8859-15": "ISO 8859-15",
    "cp1250": "Windows (1250)",
    "cp850": "MS-DOS (850)",
}
SEPARATORS = {
    ";": gettext_lazy("Semicolon"),
    ",": gettext_lazy("Comma"),
    "\t": gettext_lazy("Tab"),
    "|": gettext_lazy("Vertical bar"),
}


class FileForm(forms.Form):
    """The list, and where it comes from: asked once, for all of them."""

    file = forms.FileField(
        label=gettext_lazy("The file"),
        required=False,
        help_text=gettext_lazy(
            "CSV, Excel, vCard or text, up to 20 MB and 100,000 rows. Odd headers are fine."
        ),
        widget=forms.FileInput({"accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods,.vcf,.vcard", "class": "in"}),
    )
    pasted = forms.CharField(
        label=gettext_lazy("Or paste a list"),
        required=False,
        help_text=gettext_lazy("The recipients of an e-mail, a name a line, or cells out of a spreadsheet."),
        widget=forms.Textarea({"rows": 3}),
    )
    source = forms.CharField(
        label=gettext_lazy("Where does the list come from?"),
        max_length=200,
        help_text=gettext_lazy("For example: sign-up sheet of the open day, directory of the region."),
    )
    basis = forms.ChoiceField(
        label=gettext_lazy("Why may we hold these details?"),
        choices=[("", gettext_lazy("Choose")), *Basis.choices],
    )
    sourced_on = DayField(label=gettext_lazy("Since when do we have it?"))
    tags = forms.CharField(
        label=gettext_lazy("Tags for all who are new"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Between commas; new ones are made."),
    )

    def __init__(self, *args: Any, is_too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_too_large = is_too_large  # so large that the server did not even take it

    def clean_file(self) -> Any:
        """Refuse by size before anything is read into memory."""
        file = self.cleaned_data["file"]
        if self.is_too_large or (file and (file.size or 0) > MAX_BYTES):
            raise forms.ValidationError(
                _("The file is larger than 20 MB. Split it and import the parts one by one.")
            )
        return file

    def clean_pasted(self) -> str:
        """As long as a file may be."""
        pasted: str = self.cleaned_data["pasted"]
        if len(pasted.encode()) > MAX_BYTES:
            raise forms.ValidationError(
                _("The pasted list is larger than 20 MB. Split it and import the parts one by one.")
            )
        return pasted

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        has_file, has_text = bool(cleaned.get("file")), bool((cleaned.get("pasted") or "").strip())
        if has_file and has_text:
            self.add_error("pasted", _("Either a file or a pasted list: empty one of them."))
        elif not has_file and not has_text and not {"file", "pasted"} & set(self.errors):
            self.add_error("file", _("Choose a file, or paste a list below."))
        return cleaned

    def list_name(self) -> str:
        """The file's name without any folder; for a pasted list, words that say so."""
        file = self.cleaned_data["file"]
        if not file:
            return _("Pasted list")
        return PurePath((file.name or "").replace("\\", "/")).name[:200] or "?"

    def list_content(self) -> bytes:
        """The bytes of the list."""
        file = self.cleaned_data["file"]
        return file.read() if file else self.cleaned_data["pasted"].encode()


class ReadForm(forms.Form):
    """How the file is read: what was found out, to be changed."""

    encoding = forms.ChoiceField(label=gettext_lazy("Letters (encoding)"))
    separator = forms.ChoiceField(label=gettext_lazy("Between cells"))
    sheet = forms.ChoiceField(label=gettext_lazy("Sheet"))
    header = forms.IntegerField(
        label=gettext_lazy("Line of the headers"),
        min_value=0,
        max_value=100_000,
        help_text=gettext_lazy("0: there are none, the first line is a contact."),
    )

    def __init__(self, *args: Any, run: Import, **kwargs: Any) -> None:
        found = run.found
        initial = {
            "encoding": found["encoding"],
            "separator": found["separator"],
            "sheet": found["sheet"],
            "header": found["header_line"] or 0,
        }
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.run = run
        choices: dict[str, list[tuple[str, Any]]] = {
            "encoding": [(code, ENCODING_NAMES[code]) for code in ENCODINGS],
            "separator": list(SEPARATORS.items()),
            "sheet": [(name, name) for name in found["sheets"]],
        }
        for name, offered in choices.items():
            if found[name] and len(offered) > 1:
                self.fields[name].choices = offered  # type: ignore[attr-defined]
            else:
                del self.fields[name]
        if found["form"] in ("vcard", "list"):
            del self.fields["header"]

    def options(self) -> Options:
        """How to read it now: what the person did not change is found out anew."""
        said = {name: self.cleaned_data[name] for name in self.changed_data if name in self.cleaned_data}
        before = {name: self.run.options.get(name) for name in ("encoding", "separator", "sheet", "header")}
        kept = {name: value for name, value in before.items() if value not in (None, "")}
        return Options(**{**kept, **said, "pasted": bool(self.run.options.get("pasted"))})


class ColumnsForm(forms.Form):
    """Which column holds what: a choice for each, named by its place."""

    def __init__(self, *args: Any, found: Sequence[Column], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = found
        choices = [("", _("Nothing: leave it out")), *((field.value, LABELS[field]) for field in Field)]
        for column in found:
            self.fields[f"c{column.index}"] = forms.ChoiceField(
                label=column.header or _("Column %(number)d") % {"number": column.index + 1},
                choices=choices,
                required=False,
                widget=forms.Select({"class": "in"}),
                initial=column.field.value if column.field else "",
            )

    def chosen(self) -> list[list[str | None]]:
        """What was chosen, as a mapping is kept."""
        return [[self.cleaned_data.get(f"c{column.index}") or None, column.detail] for column in self.found]


def doubtful(found: Sequence[Column]) -> list[Column]:
    """The columns that a person should look at."""
    return [column for column in found if column.why in (Why.VALUES, Why.UNKNOWN)]
