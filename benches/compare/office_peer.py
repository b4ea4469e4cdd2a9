"""What offices run: pandas + openpyxl, one process. `office_peer.py FOLDER OUT` does what columns_peer.py does."""
import glob
import sys

import pandas as pd

if __name__ == "__main__":
    table = pd.concat([pd.read_excel(path, header=2) for path in sorted(glob.glob(sys.argv[1] + "/*.xlsx"))], ignore_index=True)
    names = list(table.columns)
    bad = int((table[names[0]].isna() | (table[names[9]] < 0) | (table[names[9]] > table[names[6]] * 2)).sum())
    with pd.ExcelWriter(sys.argv[2], engine="openpyxl") as book:
        for by in (2, 4, 5, 13):
            sums = table.groupby(names[by])[[names[at] for at in (6, 8, 9, 10)]].sum()
            sums.insert(0, "项目数", table.groupby(names[by]).size())
            sums["同比%"] = (sums[names[9]] / sums[names[10]] - 1) * 100
            sums.to_excel(book, sheet_name=names[by][:20].replace("/", "_"))
    print(len(table), len(table) - table[names[0]].nunique(), bad)
