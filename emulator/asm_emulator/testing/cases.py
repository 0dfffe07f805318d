"""For unittest: a mixin whose tests have a subscription each."""

from __future__ import annotations

import contextlib
from typing import ClassVar

from asm_emulator.testing.servers import InProcess, in_process, scratch
from asm_emulator.testing.world import Azure


class AzureClassic:
    """Mix into a TestCase: ``self.azure`` is a fresh subscription of an emulator in this process.

    class Provisioning(AzureClassic, unittest.TestCase): ...

    azure_pace:    ``manual`` (only the test moves the time), ``quick``, ``instant`` or ``real``
    azure_isolate: whether global names are the subscription's own
    """

    azure_pace: ClassVar[str] = "manual"
    azure_isolate: ClassVar[bool] = True
    azure: Azure
    _azure_world: ClassVar[InProcess]
    _azure_stack: ClassVar[contextlib.ExitStack]

    @classmethod
    def setUpClass(cls) -> None:
        """Start the emulator."""
        super().setUpClass()  # type: ignore[misc]
        cls._azure_stack = contextlib.ExitStack()
        cls._azure_world = in_process(cls._azure_stack.enter_context(scratch()), cls.azure_pace)

    @classmethod
    def tearDownClass(cls) -> None:
        """Forget it."""
        cls._azure_stack.close()
        super().tearDownClass()  # type: ignore[misc]

    def setUp(self) -> None:
        """Make the subscription."""
        super().setUp()  # type: ignore[misc]
        made = self._azure_world.control.create_subscription(isolate=self.azure_isolate)
        self.azure = Azure(self._azure_world, made["id"])

    def tearDown(self) -> None:
        """Planned faults must have happened."""
        try:
            self.azure.faults.assert_used()
        finally:
            self.azure.control.delete_subscription(self.azure.subscription)
            super().tearDown()  # type: ignore[misc]
