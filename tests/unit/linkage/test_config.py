import pytest

from openregie.blind.linkage.config import REASON_CODES, check_config, read_config
from openregie.blind.linkage.errors import ConfigInvalid
from unit.linkage.small_town import CONTENT


def test_the_shipped_configuration_holds():
    assert check_config(CONTENT) == ()
    config = read_config(CONTENT)
    assert set(config.reasons) == set(REASON_CODES)
    assert config.thresholds.certain_with_birth > 0.99


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("review: 0.5", "review: 1.5", "`thresholds.review` must lie between 0 and 1"),
        ("review: 0.5", "review: ja", "`thresholds.review` must be a number"),
        ("review: 0.5", "reveiw: 0.5", "unknown key `reveiw`"),
        ("version: 1", "version: 2", "`version` must be 1"),
        ("blocking:", "bloking:", "`blocking` is missing"),
        ("  birth_equal: {nl:", "  birth_equal: {xx:", "`reasons.birth_equal` must have texts"),
        ("thresholds:", "thresholds: [", "is not YAML"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path, old, new, message):
    path = tmp_path / "linkage.yaml"
    path.write_text(CONTENT.read_text().replace(old, new, 1))
    problems = check_config(path)
    assert any(message in problem.message for problem in problems), problems
    assert all(problem.path == path.as_posix() and problem.line > 0 for problem in problems)
    with pytest.raises(ConfigInvalid, match=r"linkage\.yaml, line"):
        read_config(path)


def test_a_missing_file_is_a_problem_not_a_crash(tmp_path):
    assert "put the file back" in check_config(tmp_path / "none.yaml")[0].message
