"""Coverage-guided fuzzing of one target: `python -m fuzz.guided TARGET [options of libFuzzer]`.

atheris instruments the product's modules while they are imported.
"""

import sys

import atheris

with atheris.instrument_imports(include=["openregie"], enable_loader_override=False):
    from fuzz.target import attempt
    from fuzz.targets import BY_NAME, TOGETHER


def main():
    target = BY_NAME.get(sys.argv[1], TOGETHER)
    atheris.Setup([sys.argv[0], *sys.argv[2:]], lambda data: attempt(target, bytes(data)))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
