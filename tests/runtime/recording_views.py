"""A window that only remembers what it was shown."""


class RecordingViews:
    """Every call of the `Views` protocol, in order."""

    def __init__(self):
        self.calls = []

    def take(self):
        """Return the names of the calls since the last time, in order, and forget them."""
        names = [name for name, _ in self.calls]
        self.calls = []
        return names

    def last(self, name):
        """Return the arguments of the newest call of a name."""
        return next(arguments for n, arguments in reversed(self.calls) if n == name)

    def show_rendering(self, rendering, channel):
        self._keep("rendering", rendering, channel)

    def show_preview(self, frame, placement, extent):
        self._keep("preview", frame, placement, extent)

    def show_trace(self, scene):
        self._keep("trace", scene)

    def show_chain(self, question):
        self._keep("chain", question)

    def show_history(self, history):
        self._keep("history", history)

    def show_network(self, network, problems):
        self._keep("network", network, problems)

    def show_layers(self, listed, network):
        self._keep("layers", listed, network)

    def ask_export(self, choices):
        self._keep("ask_export", choices)

    def show_export_preview(self, preview):
        self._keep("export_preview", preview)

    def end_export(self, sentence):
        self._keep("end_export", sentence)

    def show_model(self, model):
        self._keep("model", model)

    def ask_model(self, network):
        self.asked_models = [*getattr(self, "asked_models", []), network]

    def show_recent_models(self, paths):
        self._keep("recent_models", paths)

    def ask_input_shape(self, file):
        self._keep("question", file)

    def show_display(self, display):
        self._keep("display", display)

    def show_source(self, source, *, is_frozen):
        self._keep("source", source, is_frozen)

    def show_transport(self, transport):
        self._keep("transport", transport)

    def show_phase(self, phase, *, can_cancel):
        self._keep("phase", phase, can_cancel)

    def show_notice(self, notice):
        self._keep("notice", notice)

    def show_meters(self, meters, device):
        self._keep("meters", meters, device)

    def show_cameras(self, cameras):
        self._keep("cameras", cameras)

    def show_experiment(self, experiment):
        self._keep("experiment", experiment)

    def show_recording(self, recording):
        self._keep("recording", recording)

    def ask_animation(self, choices, count):
        self._keep("ask_animation", choices, count)

    def ask_recording(self, choices):
        self._keep("ask_recording", choices)

    def copy_image(self, image):
        self._keep("image", image)

    def copy_text(self, text):
        self._keep("text", text)

    def _keep(self, name, *arguments):
        self.calls.append((name, arguments))
