.PHONY: run test faults setup lint bench assets messages clean
run:      ; @exec ./dev run
test:     ; @exec ./dev test
faults:   ; @exec ./dev faults
setup:    ; @exec ./dev setup
lint:     ; @exec ./dev lint
bench:    ; @exec ./dev bench
assets:   ; @exec ./dev assets
messages: ; @exec ./dev messages
clean:    ; @exec ./dev clean
