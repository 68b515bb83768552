# Linksnap. `make help` lists the targets; `make demo` and `make test` are the two to start with.

VERSION := 0.1.0
BUILD   ?= build
PREFIX  ?= /usr/local
BROWSER ?= chromium

# The user's flags stay theirs: ours are kept apart.
CFLAGS  ?= -O2 -g
CLANG   ?= clang

PKGS      := libcurl libxml-2.0 gumbo sqlite3 libcjson libzstd libcrypto icu-uc md4c-html
# Of libseccomp only the header, with the numbers of system calls.
PKG_FLAGS := $(shell pkg-config --cflags $(PKGS) $(if $(filter Linux,$(shell uname)),libseccomp) 2>/dev/null)
PKG_LIBS  := $(shell pkg-config --libs $(PKGS) 2>/dev/null)
TEST_LIBS := $(shell pkg-config --libs cmocka 2>/dev/null)

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
        -Wpointer-arith -Wcast-qual -Wwrite-strings -Wformat=2 -Wundef -Wvla -Werror=implicit
ifdef CI
WARN += -Werror
endif

comma := ,
# What makes a hole harder to use: stacks that are checked and that cannot be jumped over, jumps that
# land only where jumps may, nothing uninitialized to read, tables that are read-only before main().
# All at once where the compiler knows all; else those that it knows, one by one.
knows  = $(shell echo 'int main(void) { return 0; }' | $(CC) -Werror $(1) -x c - -o /dev/null 2>/dev/null && echo $(1))
known  = $(or $(call knows,$(1)),$(foreach flag,$(1),$(call knows,$(flag))))
HARDEN := $(call known,-fstack-protector-strong -fstack-clash-protection \
              $(if $(filter x86_64 i%86,$(shell uname -m)),-fcf-protection) \
              $(if $(filter aarch64 arm64,$(shell uname -m)),-mbranch-protection=standard))
HARDEN_PLAIN := $(call known,-ftrivial-auto-var-init=zero)
HARDEN_LINK  := $(call known,-Wl$(comma)-z$(comma)relro -Wl$(comma)-z$(comma)now \
              -Wl$(comma)-z$(comma)noexecstack -Wl$(comma)-z$(comma)separate-code)

OUR_CFLAGS = -std=c11 -D_POSIX_C_SOURCE=200809L -DLINKSNAP_VERSION='"$(VERSION)"' -Ihost \
             $(WARN) -fPIE $(HARDEN) $(PKG_FLAGS)
OUR_LDFLAGS := -pie $(HARDEN_LINK)

# Where libc has no third level it takes the second.
VARIANT_CFLAGS_plain := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 $(HARDEN_PLAIN)
VARIANT_CFLAGS_san   := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

# V=1 shows the whole commands.
say = $(if $(V),,@printf '  %-3s %s\n' $(1) $(2);)

MAINS    := host/app/host_main.c host/app/cli_main.c
SOURCES  := $(filter-out $(MAINS),$(wildcard host/*/*.c))
UNITS    := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/test_*.c))
HELPERS  := $(filter-out $(wildcard tests/unit/test_*.c),$(wildcard tests/unit/*.c))
PROGRAMS := linksnap-host linksnap

.PHONY: all
all: $(addprefix $(BUILD)/plain/,$(PROGRAMS)) ## build both programs into build/plain/

# One variant of the build: $(1) is plain or san.
define variant
$(BUILD)/$(1)/%.o: %.c Makefile
	@mkdir -p $$(@D)
	$$(call say,CC,$$@)$$(CC) $$(OUR_CFLAGS) $$(VARIANT_CFLAGS_$(1)) $$(CPPFLAGS) $$(CFLAGS) -MMD -MP -c -o $$@ $$<

$(BUILD)/$(1)/liblinksnap.a: $$(SOURCES:%.c=$(BUILD)/$(1)/%.o)
	@rm -f $$@
	$$(call say,AR,$$@)$$(AR) rcs $$@ $$^

# .incbin is not seen by -MMD.
$(BUILD)/$(1)/host/app/manifests_data.o: $$(wildcard manifests/*)

$(BUILD)/$(1)/linksnap-host: $(BUILD)/$(1)/host/app/host_main.o $(BUILD)/$(1)/liblinksnap.a
$(BUILD)/$(1)/linksnap: $(BUILD)/$(1)/host/app/cli_main.o $(BUILD)/$(1)/liblinksnap.a
$$(addprefix $(BUILD)/$(1)/,$$(PROGRAMS)):
	$$(call say,LD,$$@)$$(CC) $$(OUR_LDFLAGS) $$(VARIANT_CFLAGS_$(1)) $$(LDFLAGS) -o $$@ $$^ $$(PKG_LIBS)

$(BUILD)/$(1)/unit/%: $(BUILD)/$(1)/tests/unit/%.o $$(HELPERS:%.c=$(BUILD)/$(1)/%.o) $(BUILD)/$(1)/liblinksnap.a
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)$$(CC) $$(OUR_LDFLAGS) $$(VARIANT_CFLAGS_$(1)) $$(LDFLAGS) -o $$@ $$^ $$(TEST_LIBS) $$(PKG_LIBS)

.PHONY: units-$(1)
units-$(1): $$(UNITS:%=$(BUILD)/$(1)/unit/%)
.SECONDARY: $$(UNITS:%=$(BUILD)/$(1)/tests/unit/%.o)
endef
$(eval $(call variant,plain))
$(eval $(call variant,san))

-include $(shell find $(BUILD)/plain $(BUILD)/san -name '*.d' 2>/dev/null)

# Looks at a store without a line of what wrote it.
$(BUILD)/plain/store_audit: $(BUILD)/plain/tests/host/store_audit.o
	$(call say,LD,$@)$(CC) $(OUR_LDFLAGS) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

# ---- What a fresh Debian machine lacks -----------------------------------------------------------

BUILD_PACKAGES := gcc make pkg-config libcurl4-openssl-dev libxml2-dev libgumbo-dev libsqlite3-dev \
                  libcjson-dev libzstd-dev libssl-dev libicu-dev libmd4c-dev \
                  libmd4c-html0-dev libseccomp-dev ca-certificates poppler-utils poppler-data
TEST_PACKAGES  := libcmocka-dev clang clang-format cppcheck chromium firefox-esr curl openssl fonts-noto-cjk \
                  fonts-dejavu-core
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)

# $(call install,PACKAGES): asks apt only for what is missing.
define install
@missing=; for p in $(1); do \
    dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; \
done; \
if [ -n "$$missing" ]; then \
    command -v apt-get >/dev/null || { echo "Please install:$$missing"; exit 1; }; \
    echo "Installing:$$missing"; \
    $(SUDO) apt-get update -q && \
    $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $$missing; \
fi
endef

.PHONY: deps test-deps
deps: ## install the Debian packages that building needs
	$(call install,$(BUILD_PACKAGES))

test-deps: ## and those that tests and the demo need, with the npm tools
	$(call install,$(BUILD_PACKAGES) $(TEST_PACKAGES))
	@$(MAKE) --no-print-directory vendor

# node may come from elsewhere.
.PHONY: npm
npm:
	$(if $(shell command -v npm),,$(call install,nodejs npm))

tests/node_modules/.package-lock.json: tests/package-lock.json | npm
	cd tests && npm ci --no-audit --no-fund
	@touch $@

# ---- What the extension takes from npm -----------------------------------------------------------

# Modules as their makers publish them, each with its licence; one that has no export gets one.
VENDOR  := extension/vendor
MODULES := tests/node_modules
# $(call vendor,FILE,EXPORT): only tsc is told to pass over it.
vendor = @mkdir -p $(@D) && { echo '// @ts-nocheck'; cat $(1); $(if $(2),echo 'export { $(2) };';) } >$@
VENDORED := $(addprefix $(VENDOR)/,readability.js marked.js fflate.js diff/array.js diff/base.js \
            $(addsuffix .LICENSE,readability marked fflate diff))

.PHONY: vendor
vendor: $(VENDORED) ## copy into extension/ what it takes from npm

$(VENDORED): tests/node_modules/.package-lock.json Makefile

$(VENDOR)/readability.js:
	$(call vendor,$(MODULES)/@mozilla/readability/Readability.js,Readability)
$(VENDOR)/marked.js:
	$(call vendor,$(MODULES)/marked/lib/marked.esm.js)
$(VENDOR)/fflate.js:
	$(call vendor,$(MODULES)/fflate/esm/browser.js)
$(VENDOR)/diff/%.js:
	$(call vendor,$(MODULES)/diff/libesm/diff/$*.js)
$(VENDOR)/%.LICENSE:
	@mkdir -p $(@D) && cp $(firstword $(wildcard $(MODULES)/$*/LICENSE* $(MODULES)/@mozilla/$*/LICENSE*)) $@

# ---- Test, lint, show ----------------------------------------------------------------------------

.PHONY: test
test: test-deps ## install what is missing, then run all that CI runs
	@$(MAKE) --no-print-directory -j2 CI=1 BUILD=$(BUILD) all units-plain units-san fuzz-replays \
	    $(BUILD)/plain/store_audit
	@node tests/run.mjs --build $(BUILD)

.PHONY: check
check: all units-plain units-san fuzz-replays $(BUILD)/plain/store_audit ## the tests of the host alone, without installing anything
	@node tests/run.mjs --build $(BUILD) units protocol host

C_FILES = $(wildcard host/*/*.[ch] host/*/*/*.[ch] tests/*/*.[ch])

.PHONY: lint lint-c lint-js format
lint: lint-c lint-js ## all linters

lint-c:
	clang-format --dry-run -Werror $(filter-out %_table.h,$(C_FILES))
	@for f in $(SOURCES) $(MAINS); do \
	    $(CLANG) $(OUR_CFLAGS) -Werror -fsyntax-only $$f || exit 1; \
	done
	cppcheck --quiet --error-exitcode=1 --std=c11 --inline-suppr -Ihost \
	    --enable=warning,performance,portability --suppress=missingIncludeSystem \
	    -DLINKSNAP_VERSION='"0"' $(SOURCES) $(MAINS)

lint-js:
	@cd tests && npm run --silent lint

format: ## bring C and JavaScript into form
	clang-format -i $(filter-out %_table.h,$(C_FILES))
	@cd tests && npm run --silent format

# Figures need a quiet machine, so no test looks at them.
.PHONY: bench
bench: test-deps ## the figures of README: start, capture beside curl, memory, lists, links
	@$(MAKE) --no-print-directory -j2 all
	@node tests/bench/host.mjs
	@node tests/bench/popup.mjs
	@$(MAKE) --no-print-directory bench-links

.PHONY: bench-fidelity
bench-fidelity: test-deps ## how far snapshots look as their pages did, beside SingleFile; pictures in build/fidelity/
	@$(MAKE) --no-print-directory -j2 all
	@node tests/bench/fidelity.mjs
	@node tests/bench/states.mjs

# Two programs, so that the figures are of searching and not of starting processes.
SEARCH_BENCH := $(patsubst %.c,$(BUILD)/plain/%.o,$(wildcard tests/bench/search_*.c))

$(BUILD)/plain/bench/search_store: $(SEARCH_BENCH) $(BUILD)/plain/liblinksnap.a
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(OUR_LDFLAGS) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(BUILD)/plain/bench/search_xapian: tests/bench/search_xapian.cc $(filter %/search_input.o,$(SEARCH_BENCH))
	@mkdir -p $(@D)
	$(call say,CXX,$@)$(CXX) -std=c++17 -Wall -Wextra $(CFLAGS) -o $@ $^ $$(pkg-config --cflags --libs xapian-core)

PAGES ?= 10000
.PHONY: bench-search
bench-search: test-deps ## search in 10,000 pages of real text, beside Xapian (PAGES=100000 takes 12 minutes)
	$(call install,g++ libxapian-dev)
	@$(MAKE) --no-print-directory -j2 $(BUILD)/plain/bench/search_store $(BUILD)/plain/bench/search_xapian
	@node tests/bench/search.mjs --build $(BUILD) --pages $(PAGES)

$(BUILD)/plain/bench/claims: $(BUILD)/plain/tests/bench/claims.o \
                            $(BUILD)/plain/tests/unit/claim_run.o $(BUILD)/plain/liblinksnap.a
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(OUR_LDFLAGS) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

.PHONY: bench-links
bench-links: test-deps ## the queue: 500 links at once, single links beside wget, jobs claimed under kills
	$(call install,wget)
	@$(MAKE) --no-print-directory -j2 all $(BUILD)/plain/bench/claims
	@node tests/bench/links.mjs

.PHONY: bench-library
bench-library: test-deps ## the library page with 100,000 pages: its first picture, its frames while scrolling
	@$(MAKE) --no-print-directory -j2 all $(BUILD)/plain/bench/search_store
	@LINKSNAP_BUILD=$(BUILD)/plain node tests/bench/library.mjs

.PHONY: kills
kills: test-deps ## kill three processes on one store 1000 times (KILLS=), and look for what is lost (SEED=)
	@$(MAKE) --no-print-directory -j2 all $(BUILD)/plain/store_audit
	@KILLS=$(KILLS) SEED=$(SEED) LINKSNAP_BUILD=$(BUILD)/plain node tests/bench/kills.mjs

.PHONY: demo run
demo: test-deps ## save, find and read a page in a real browser; pictures in build/demo (BROWSER=firefox)
	@$(MAKE) --no-print-directory -j2 all
	node tests/browser/demo.mjs --browser $(BROWSER)

run: test-deps ## the same browser, left open for you
	@$(MAKE) --no-print-directory -j2 all
	node tests/browser/demo.mjs --browser $(BROWSER) --keep-open

.PHONY: screenshots
screenshots: test-deps ## every page and state in both languages and themes, in build/screenshots/ (ONLY=popup: those alone)
	@node tests/extension/screenshots.mjs $(ONLY)

# ---- Fuzzing -------------------------------------------------------------------------------------

# A target is tests/fuzz/fuzz_X.c. Under libFuzzer it is BUILD/fuzz/unit/fuzz_X; for `make test`, which
# only hands it the files of tests/fuzz/corpus/X, BUILD/san/unit/fuzz_X.
FUZZ         ?= $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
SECONDS      ?= 60
FUZZ_HELPERS := $(filter-out tests/fuzz/fuzz_% tests/fuzz/replay.c,$(wildcard tests/fuzz/*.c)) \
                tests/unit/page_audit.c tests/unit/page_audit_css.c

VARIANT_CFLAGS_fuzz := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all \
                       -fno-omit-frame-pointer
$(BUILD)/fuzz/%: CC = $(CLANG)
$(BUILD)/fuzz/%: CFLAGS = -O1 -g
$(eval $(call variant,fuzz))
-include $(shell find $(BUILD)/fuzz -name '*.d' 2>/dev/null)

# fuzz_events has an html_parse() of its own.
define fuzz_program
$(BUILD)/$(1)/unit/fuzz_%: $(BUILD)/$(1)/tests/fuzz/fuzz_%.o $(2) $$(FUZZ_HELPERS:%.c=$(BUILD)/$(1)/%.o) \
                           $(BUILD)/$(1)/liblinksnap.a
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)$$(CC) $$(OUR_LDFLAGS) $$(VARIANT_CFLAGS_$(1)) $(3) $$(LDFLAGS) -o $$@ \
	    $$(filter-out $$(if $$(findstring fuzz_events,$$@),%/html_here.o),$$^) $$(PKG_LIBS)
.SECONDARY: $$(FUZZ:%=$(BUILD)/$(1)/tests/fuzz/fuzz_%.o)
endef
$(eval $(call fuzz_program,san,$(BUILD)/san/tests/fuzz/replay.o,))
$(eval $(call fuzz_program,fuzz,,-fsanitize=fuzzer))

.PHONY: fuzz fuzz-replays
fuzz: ## look for inputs that break a parser, SECONDS=60 for each target (FUZZ="css url": those alone)
	$(call install,clang libclang-rt-dev)
	@$(MAKE) --no-print-directory -j2 $(FUZZ:%=$(BUILD)/fuzz/unit/fuzz_%)
	@sh tests/fuzz/run.sh $(BUILD) $(SECONDS) $(FUZZ)

fuzz-replays: $(FUZZ:%=$(BUILD)/san/unit/fuzz_%)

.PHONY: no-memory
no-memory: $(BUILD)/plain/unit/test_no_memory ## fail each allocation of a capture once; make test tries a part of them
	LINKSNAP_NO_MEMORY=all $<

# ---- Install -------------------------------------------------------------------------------------

LIBEXEC := $(PREFIX)/libexec

.PHONY: install uninstall install-user
install: all ## put both programs under PREFIX (/usr/local), DESTDIR respected
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(LIBEXEC)
	install -m 755 $(BUILD)/plain/linksnap $(DESTDIR)$(PREFIX)/bin/linksnap
	install -m 755 $(BUILD)/plain/linksnap-host $(DESTDIR)$(LIBEXEC)/linksnap-host
	@echo "Now, as the person who uses the browser: linksnap install"

uninstall: ## take them away again (first, as that person: linksnap uninstall)
	rm -f $(DESTDIR)$(PREFIX)/bin/linksnap $(DESTDIR)$(LIBEXEC)/linksnap-host

install-user: ## put both programs under ~/.local and register the host with your browsers
	@$(MAKE) --no-print-directory install PREFIX=$(HOME)/.local
	$(HOME)/.local/bin/linksnap install

.PHONY: package dist
package: vendor ## the extension as a .zip for both stores, in build/
	@mkdir -p $(BUILD)
	tests/node_modules/.bin/web-ext build --no-config-discovery --overwrite-dest \
	    --source-dir extension --ignore-files package.json --artifacts-dir $(BUILD) --filename linksnap-$(VERSION).zip

dist: ## the sources as a .tar.gz, in build/
	@mkdir -p $(BUILD)
	git archive --format=tar.gz --prefix=linksnap-$(VERSION)/ -o $(BUILD)/linksnap-$(VERSION).tar.gz HEAD

.PHONY: help
help: ## list the targets
	@sed -n "s/^\([a-z][a-z-]*\):.*## \(.*\)/  \1\t\2/p" $(MAKEFILE_LIST) | expand -t 18

.PHONY: clean
clean: ## remove build/
	rm -rf $(BUILD)
