"""The month's workbooks as others read them: openpyxl and LibreOffice."""
