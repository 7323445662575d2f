"""The conformance suite of the Jupyter project, with every sample that applies to this kernel."""

from jupyter_kernel_test import IopubWelcomeTests, KernelTests


class TestConformance(KernelTests):
    kernel_name = "hysim"
    language_name = "typescript"
    file_extension = ".ts"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The sockets answer before the compiler is there: the suite's own timeouts begin after it.
        cls.kc.execute_interactive("0", silent=True, timeout=120)

    code_hello_world = 'console.log("hello, world")'
    code_stderr = 'console.error("oops")'

    completion_samples = [
        {"text": "Math.cbr", "matches": {"cbrt"}},
        {"text": "proce", "matches": {"process"}},
    ]

    complete_code_samples = [
        "1",
        'console.log("hello")',
        "const a: number = 3",
        "function f(x: number) {\n  return x * 2;\n}",
        "await Promise.resolve(1)",
        "import * as fs from 'fs'",
        "if (1) {\n  foo(\n\n\n",
    ]
    incomplete_code_samples = [
        "function f() {",
        "[1, 2,",
        "const s = `a\nb",
        "/* a comment",
        "foo(1,",
        "const x =",
    ]
    invalid_code_samples = ["const = 3", "1 +* 2", "x = )", '"unterminated']

    code_generate_error = 'throw new Error("an error")'

    code_execute_result = [
        {"code": "1 + 2", "result": "3"},
        {"code": '"a" + "b"', "result": "'ab'"},
        {"code": "[1, 2].map(x => x * 2)", "result": "[ 2, 4 ]"},
        {"code": "await Promise.resolve({ a: 1 })", "result": "{ a: 1 }"},
        {"code": "1 + 3", "result": "4"},
        {
            "code": '({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>x</b>" }) })',
            "mime": "text/html",
            "result": "<b>x</b>",
        },
    ]

    code_display_data = [
        {"code": 'jupyter.display({ "text/html": "<b>hi</b>" })', "mime": "text/html"},
        {"code": 'import { display } from "tslab"; display.html("<i>hi</i>")', "mime": "text/html"},
    ]

    code_history_pattern = "1 ? 2"
    supported_history_operations = ("tail", "range", "search")

    code_inspect_sample = "Math.sqrt"
    code_clear_output = "jupyter.clearOutput()"

    # There is no pager in JavaScript: what would be paged is inspected instead.
    code_page_something = ""


class TestIopubWelcome(IopubWelcomeTests):
    kernel_name = "hysim"
    support_iopub_welcome = True


# Imported names are collected too: the suite itself has no kernel to test.
del KernelTests, IopubWelcomeTests
