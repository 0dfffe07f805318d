"""Names that the first user of a machine cannot have."""

from __future__ import annotations

from typing import Final

_RESERVED: Final = """
    1 123 a actuser adm admin admin1 admin2 administrator aspnet backup console david guest john owner root server sql
    support support_388945a0 sys test test1 test2 test3 user user1 user2 user3 user4 user5
"""
RESERVED: Final = frozenset(_RESERVED.split())
"""Documented as not allowed for the administrator of a machine, whatever its system (of the API that came after)."""

_OF_LINUX: Final = """
    abrt adm admin audio backup bin cdrom cgred console crontab daemon dbus dialout dip disk fax floppy ftp fuse games
    gnats gopher haldaemon halt irc kmem landscape libuuid list lock lp mail maildrop man mem messagebus mlocate modem
    netdev news nfsnobody nobody nogroup ntp operator oprofile plugdev polkituser postdrop postfix proxy public qpidd
    root rpc rpcuser sasl saslauth shadow shutdown slocate src ssh sshd staff stapdev stapusr sudo sync sys syslog tape
    tcpdump test trusted tty users utempter utmp uucp uuidd vcsa video voice wheel whoopsie www www-data wwwrun xok
"""
OF_LINUX: Final = frozenset(_OF_LINUX.split())
"""Documented as users and groups that images of Linux have already: the service fails to create them."""
