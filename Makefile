# Linksnap. `make help` lists the targets; `make demo` and `make test` are the two to start with.

VERSION := 0.1.0
BUILD   ?= build
PREFIX  ?= /usr/local
BROWSER ?= chromium
SECONDS ?= 60

# The user's flags stay theirs: ours are kept apart.
CFLAGS  ?= -O2 -g
CLANG   ?= clang

PKGS      := libcurl libxml-2.0 gumbo sqlite3 libcjson libzstd libcrypto icu-uc
PKG_FLAGS  = $(shell pkg-config --cflags $(PKGS))
PKG_LIBS   = $(shell pkg-config --libs $(PKGS))
TEST_LIBS  = $(shell pkg-config --libs cmocka)

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
        -Wpointer-arith -Wcast-qual -Wwrite-strings -Wformat=2 -Wundef -Wvla -Werror=implicit
ifdef CI
WARN += -Werror
endif
OUR_CFLAGS = -std=c11 -D_POSIX_C_SOURCE=200809L -DLINKSNAP_VERSION='"$(VERSION)"' -Ihost \
             $(WARN) -fPIE -fstack-protector-strong $(PKG_FLAGS)
OUR_LDFLAGS := -pie -Wl,-z,relro,-z,now

VARIANT_CFLAGS_plain := -D_FORTIFY_SOURCE=2
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

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/\1	\2/p' $(MAKEFILE_LIST) | expand -t 18

.PHONY: clean
clean: ## remove build/
	rm -rf $(BUILD)
