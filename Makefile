# Two commands on a fresh machine with Python 3.11 to 3.13, pip and make:
#   make interview     an interview in this terminal; ARGS="…" goes to `viva chat`
#   make test          the tests; ARGS="…" goes to pytest
# Both make .venv first and say what they fetch; the second time they start at once.
#   PYTHON=…           another Python than the first fitting one on PATH
#   TORCH=…            cpu, cuda, or none for no lab; by default cuda with an NVIDIA driver, else cpu
#   WORKERS=…          over how many processes tests are spread: 2; 0 for none, as a debugger wants it

PYTHON ?=
TORCH  ?= auto
ARGS   ?=
WORKERS ?= 2
IN     := .venv/bin/python -m
PYTEST  = $(IN) pytest -n $(WORKERS) --dist worksteal
SET_UP  = python=$$(sh scripts/find_python.sh '$(PYTHON)') && "$$python" -m scripts.set_up --torch '$(TORCH)'

# The candidate may be piped in: no step before the interview may read standard input.
.PHONY: interview test slow lint rules layout types windows format lock lock-check licences clean
interview:
	@$(SET_UP) run </dev/null
	@.venv/bin/viva chat $(ARGS)

# The tests start hundreds of processes: each would compile anew what the first one was not let keep.
test slow: export PYTHONDONTWRITEBYTECODE :=
test:
	@$(SET_UP) test </dev/null
	@$(PYTEST) -m "not slow" $(ARGS)

slow:
	@$(SET_UP) test </dev/null
	@$(PYTEST) -m slow $(ARGS)

# Side by side, each to its end whatever becomes of the others; each writes what it found at once, when it is through.
# Windows has a cache of its own, as each of the two would throw the other's away.
lint:
	@$(SET_UP) test </dev/null
	@$(MAKE) --no-print-directory -k -j 4 rules layout types windows
rules:
	@$(IN) ruff check --output-format concise .
layout:
	@$(IN) ruff format --check --output-format concise .
types:
	@$(IN) mypy
windows:
	@$(IN) mypy --platform win32 --cache-dir .mypy_cache/windows \
	    --no-warn-unreachable --follow-imports silent --exclude bot/lab/ bot

format:
	@$(SET_UP) test </dev/null
	@$(IN) ruff format .
	@$(IN) ruff check --fix .

# Resolves anew what pyproject.toml asks for, as little changed as can be; UPGRADE=1 takes the newest of everything.
UV      = $(IN) uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
          --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)
lock: export UV_CACHE_DIR := .venv/.uv
lock:
	@$(SET_UP) test </dev/null
	@$(IN) pip install -q uv==0.13.9 </dev/null
	@$(UV) pyproject.toml --group setup -o requirements.lock
	@$(UV) pyproject.toml --group setup --group torch --extra lab -c requirements.lock -o requirements-lab.lock
	@$(UV) pyproject.toml --group setup --group torch --extra lab --extra test -c requirements-lab.lock -o requirements-test.lock
	@$(UV) --group model --no-deps -o requirements-model.lock
	@$(IN) scripts.licences

# Whether every Python and machine that we name finds a wheel for everything in the locks.
lock-check:
	@$(SET_UP) test </dev/null
	@$(IN) pip install -q uv==0.13.9 </dev/null
	@$(IN) scripts.lock_check

licences:
	@$(SET_UP) test </dev/null
	@$(IN) scripts.licences $(ARGS)

clean:
	rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
