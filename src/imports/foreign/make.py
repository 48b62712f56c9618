#!/usr/bin/python3
"""Makes the spreadsheets of this folder again, each by a writer of its own; the tests read them as they lie here.

Needs LibreOffice Calc with python3-uno, openpyxl and XlsxWriter (Debian: libreoffice-calc, python3-uno,
python3-openpyxl, python3-xlsxwriter). Made last with LibreOffice 7.4.7, openpyxl 3.0.9, XlsxWriter 3.0.2. The content
is made up; what has to come of it stands in ../foreign-fixtures.ts.
"""

import datetime
import pathlib
import subprocess
import tempfile
import time

import openpyxl
import openpyxl.comments
import openpyxl.styles
import openpyxl.worksheet.datavalidation
import openpyxl.worksheet.table
import uno
import xlsxwriter
from com.sun.star.beans import PropertyValue

HERE = pathlib.Path(__file__).parent
TITLE = "IT calls of the office"
HEADER = ["Number", "Subject", "Reported by", "Reported", "State", "Resolved", "Hours"]
AT = datetime.datetime
CALLS = [
    ["A-001", "Printer „EG“ & scanner", "Zoë Müller", AT(2026, 3, 2, 10, 0), "closed", AT(2026, 3, 3, 11, 30), 1.5],
    ["A-002", "Mail: <no> attachments", "Zoë Müller", AT(2026, 3, 4, 9, 5), "open", None, None],
    ["A-003", "Telefon\nzweite Zeile", "Łukasz Nowak", AT(2026, 3, 5, 0, 0), "resolved", AT(2026, 3, 6, 16, 45), 0.25],
]
STAFF = [["Name", "Desk"], ["Zoë Müller", "1"], ["Łukasz Nowak", "2"]]


def named(**values):
    return tuple(PropertyValue(Name=name, Value=value) for name, value in values.items())


def libreoffice():
    with tempfile.TemporaryDirectory() as profile:
        office = subprocess.Popen(
            ["soffice", "--headless", "--norestore", f"-env:UserInstallation=file://{profile}",
             "--accept=pipe,name=openbook;urp;"]
        )
        try:
            desktop = connected()
            document = desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, ())
            fill(document)
            for name, filter_name, options in [
                ("libreoffice.ods", "calc8", {}),
                ("libreoffice.xlsx", "Calc MS Excel 2007 XML", {}),
                ("libreoffice.xls", "MS Excel 97", {}),
                # Semicolons, quotation marks, UTF-8, as shown.
                ("libreoffice.csv", "Text - txt - csv (StarCalc)", {"FilterOptions": "59,34,76,1,,1031,false,true"}),
                ("locked.ods", "calc8", {"Password": "openbook"}),
            ]:
                document.storeToURL((HERE / name).as_uri(), named(FilterName=filter_name, **options))
            document.close(True)
            desktop.terminate()
            office.wait(60)
        finally:
            office.kill()


def connected():
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(120):
        try:
            remote = resolver.resolve("uno:pipe,name=openbook;urp;StarOffice.ComponentContext")
            return remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
        except Exception:
            time.sleep(0.5)
    raise SystemExit("LibreOffice does not answer")


def fill(document):
    sheets = document.Sheets
    calls = sheets.getByIndex(0)
    calls.Name = "Calls"
    sheets.insertNewByName("Staff", 1)
    for r, row in enumerate(STAFF):
        for c, text in enumerate(row):
            sheets.getByName("Staff").getCellByPosition(c, r).String = text
    moment = number_format(document, "DD.MM.YYYY HH:MM")
    calls.getCellByPosition(0, 0).String = TITLE
    calls.getCellRangeByPosition(0, 0, 6, 0).merge(True)
    for c, text in enumerate(HEADER):
        calls.getCellByPosition(c, 1).String = text
    for r, row in enumerate(CALLS):
        for c, value in enumerate(row):
            cell = calls.getCellByPosition(c, r + 2)
            if isinstance(value, datetime.datetime):
                cell.Value = (value - AT(1899, 12, 30)).total_seconds() / 86400
                cell.NumberFormat = moment
            elif isinstance(value, float):
                cell.Value = value
            elif value is not None:
                cell.String = value
    # One person in one merged cell over two calls; a name that is looked up.
    calls.getCellByPosition(2, 3).String = ""
    calls.getCellRangeByPosition(2, 2, 2, 3).merge(True)
    calls.getCellByPosition(2, 4).Formula = "=INDEX($Staff.A1:A3;3)"
    calls.getCellByPosition(0, 5).String = "Total"
    calls.getCellByPosition(6, 5).Formula = "=SUM(G3:G5)"
    calls.getCellRangeByPosition(0, 4, 6, 4).CellBackColor = 0xFFCC00
    calls.Annotations.insertNew(calls.getCellByPosition(1, 2).CellAddress, "A note beside the cell")
    calls.Rows.getByIndex(3).IsVisible = False


def number_format(document, code):
    locale = uno.createUnoStruct("com.sun.star.lang.Locale")
    locale.Language, locale.Country = "de", "DE"
    code = code.replace("DD", "TT").replace("YYYY", "JJJJ")
    found = document.NumberFormats.queryKey(code, locale, False)
    return found if found >= 0 else document.NumberFormats.addNew(code, locale)


def by_openpyxl():
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    staff = book.active
    staff.title = "Staff"
    for row in STAFF:
        staff.append(row)
    calls = book.create_sheet("Calls")
    calls.append(HEADER)
    for row in CALLS:
        calls.append(row)
    for row in calls.iter_rows(min_row=2, min_col=4, max_col=6):
        for cell in row:
            if isinstance(cell.value, datetime.datetime):
                cell.number_format = "yyyy-mm-dd hh:mm"
    # Formulas of openpyxl have no value: nobody computed them.
    calls["C3"] = "=INDEX(Staff!A1:A3,2)"
    calls["B2"].comment = openpyxl.comments.Comment("A note beside the cell", "Zoë")
    calls["B4"].fill = openpyxl.styles.PatternFill("solid", fgColor="FFCC00")
    choice = openpyxl.worksheet.datavalidation.DataValidation(type="list", formula1='"open,closed,resolved"')
    choice.add("E2:E100")
    calls.add_data_validation(choice)
    calls.add_table(openpyxl.worksheet.table.Table(displayName="Calls", ref="A1:G4"))
    calls.freeze_panes = "A2"
    book.save(HERE / "openpyxl.xlsx")


def by_xlsxwriter():
    book = xlsxwriter.Workbook(HERE / "xlsxwriter.xlsx", {"default_date_format": "dd/mm/yy hh:mm"})
    calls = book.add_worksheet("Calls")
    bold = book.add_format({"bold": True})
    calls.write_row(0, 0, HEADER, bold)
    for r, row in enumerate(CALLS, start=1):
        for c, value in enumerate(row):
            if isinstance(value, datetime.datetime):
                calls.write_datetime(r, c, value)
            elif value is not None:
                calls.write(r, c, value)
    # Words in two faces; a formula with the value somebody gave it; a link.
    calls.write_rich_string(1, 1, "Printer ", bold, "„EG“", " & scanner")
    calls.write_formula(2, 2, '="Zoë "&"Müller"', None, "Zoë Müller")
    calls.write_url(3, 4, "https://example.com/", string="resolved")
    calls.write_row(4, 0, ["Total"])
    calls.write_formula(4, 6, "=SUM(G2:G4)", None, 1.75)
    calls.autofilter(0, 0, 3, 6)
    calls.set_row(2, None, None, {"hidden": True})
    book.add_worksheet("Empty")
    book.close()


libreoffice()
by_openpyxl()
by_xlsxwriter()
