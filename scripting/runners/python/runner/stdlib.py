"""The part of the standard library that scripts have: imported while the component is built."""

import importlib

MODULES = """
__future__ abc argparse array ast base64 binascii bisect calendar cmath codecs collections
collections.abc colorsys configparser contextlib contextvars copy csv dataclasses datetime decimal
difflib email email.message email.mime.text email.parser email.policy encodings.aliases
encodings.ascii encodings.cp1252 encodings.cp437 encodings.idna encodings.iso8859_1
encodings.iso8859_15 encodings.latin_1 encodings.mac_roman encodings.shift_jis encodings.utf_16
encodings.utf_16_be encodings.utf_16_le encodings.utf_32 encodings.utf_7 encodings.utf_8
encodings.utf_8_sig enum errno fnmatch fractions functools gc getpass gettext glob graphlib gzip
hashlib heapq hmac html html.entities html.parser importlib inspect io ipaddress itertools json
json.decoder json.encoder json.scanner keyword linecache locale logging marshal math mimetypes
numbers operator os os.path pathlib pickle pickletools plistlib posixpath pprint queue quopri
random re reprlib secrets shlex shutil signal stat statistics string stringprep struct sys
sysconfig tempfile textwrap threading time timeit token tokenize tomllib traceback types typing
unicodedata unittest urllib.error urllib.parse uuid warnings wave weakref xml xml.dom
xml.dom.expatbuilder xml.dom.minidom xml.dom.pulldom xml.etree xml.etree.ElementTree xml.sax
xml.sax.expatreader xml.sax.handler xml.sax.saxutils zipfile zlib _strptime
""".split()


def import_all():
    """Imports them; those that this Python is built without are left out. Gives their names."""
    missing = []
    for name in MODULES:
        try:
            importlib.import_module(name)
        except ImportError:
            missing.append(name)
    return missing
