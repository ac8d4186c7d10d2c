#!/bin/sh
# Puts Annotator into the menu of the desktop, and opens *.annot files with it; for this person only.
#
#   ./install.sh              the program of this folder
#   ./install.sh PROGRAM      another one, such as the single file
#   ./install.sh --remove     takes everything out again
set -eu

here=$(cd "$(dirname "$0")" && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share}
entry=$data/applications/annotator.desktop
type=$data/mime/packages/annotator.xml

find_resources() {
    for folder in "$here/_internal/resources" "$here/.."; do
        if [ -f "$folder/desktop/annotator.desktop" ]; then
            (cd "$folder" && pwd)
            return
        fi
    done
    echo "The files to install are not beside $0." >&2
    exit 1
}

refresh() {
    if command -v update-mime-database >/dev/null; then update-mime-database "$data/mime"; fi
    if command -v update-desktop-database >/dev/null; then update-desktop-database "$data/applications"; fi
    if command -v gtk-update-icon-cache >/dev/null; then
        gtk-update-icon-cache -q -t -f "$data/icons/hicolor" || true # only a cache
    fi
}

if [ "${1:-}" = --remove ]; then
    rm -f "$entry" "$type" "$data"/icons/hicolor/*/apps/annotator.png
    refresh
    echo "Annotator is no longer in the menu."
    exit 0
fi

program=${1:-$here/annotator}
if [ ! -x "$program" ] || [ -d "$program" ]; then
    echo "There is no program $program. Name it: $0 PROGRAM" >&2
    exit 1
fi
program=$(cd "$(dirname "$program")" && pwd)/$(basename "$program")
resources=$(find_resources)
mkdir -p "$data/applications" "$data/mime/packages"
# In a desktop entry these characters of a quoted argument need a backslash, doubled, and % is %%.
quoted=$(printf '%s' "$program" | sed -e 's/[\\"`$]/\\\\&/g' -e 's/%/%%/g')
while IFS= read -r line; do
    case $line in
    Exec=*) printf 'Exec="%s" %%F\n' "$quoted" ;;
    *) printf '%s\n' "$line" ;;
    esac
done <"$resources/desktop/annotator.desktop" >"$entry"
cp "$resources/desktop/annotator.xml" "$type"
for icon in "$resources"/icons/annotator-*.png; do
    size=${icon##*-}
    size=${size%.png}
    mkdir -p "$data/icons/hicolor/${size}x$size/apps"
    cp "$icon" "$data/icons/hicolor/${size}x$size/apps/annotator.png"
done
refresh
echo "Annotator is in the menu, and opens .annot files: $program"
