"""What a supplier sees at the command line."""

import json

from town import ON, openregie

HEADER = "burgerservicenummer,inschrijfdatum,gewenstBeroep\n"


def test_check_says_every_error_by_row_and_delivers_nothing(tmp_path):
    file = tmp_path / "seekers.csv"
    file.write_text(HEADER + "999993653,2026-01-01,kok\n123456789,2026-13-40,kok\n")
    words = ["deliver", file, "--check", "--stream", "job_seekers", "--dir", tmp_path, "--on", ON]
    done = openregie(*words, "--json", check=False)
    (told,) = json.loads(done.stdout)["files"]
    assert done.returncode == 1
    assert told["rows"] == 2
    assert [error["row"] for error in told["errors"]] == [2]
    assert "123456789" not in done.stdout + done.stderr
    assert not (tmp_path / "inbox").exists()


def test_a_file_that_fits_ends_in_zero(tmp_path):
    file = tmp_path / "seekers.csv"
    file.write_text(HEADER + "999993653,2026-01-01,kok\n")
    words = ["--check", "--stream", "job_seekers", "--on", ON]
    assert "fits" in openregie("deliver", file, *words).stdout


def test_over_delivery_is_refused_whole_with_code_3(town, tmp_path):
    file = tmp_path / "seekers.csv"
    file.write_text("burgerservicenummer,inschrijfdatum,geloof\n999993653,2026-01-01,x\n")
    words = ["--stream", "job_seekers", "--supplier", "Gemeente", "--oin", "0" * 19 + "1"]
    done = openregie("deliver", file, "--dir", town.directory, *words, "--on", ON, check=False)
    assert done.returncode == 3
    assert "column 3" in done.stdout
    assert "geloof" not in done.stdout + done.stderr


def test_a_folder_that_was_never_made_names_the_remedy(tmp_path):
    done = openregie("run", "--dir", tmp_path / "nowhere", check=False)
    assert done.returncode == 4
    assert "openregie init" in done.stderr
