import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import type { Pipeline } from '../../../api/pipeline';
import { dataset } from '../../../testing/dataset';
import StartDialog from './StartDialog.svelte';

afterEach(cleanup);

const pipeline: Pipeline = {
  name: 'retail',
  source: 'project',
  can_start: true,
  cannot_start_reason: null,
  parameters: new Map([['as_of_date', '']]),
  datasets: [dataset('bronze'), dataset('silver'), dataset('as_of', { kind: 'VIEW' })],
  edges: [],
  diagnostics: [],
  running_update_id: null,
};

function open(preselected: string[] = []): ReturnType<typeof vi.fn> {
  const onstart = vi.fn();
  render(StartDialog, { open: true, pipeline, preselected, onstart });
  return onstart;
}

async function press(name: string): Promise<void> {
  await fireEvent.click(screen.getByRole('button', { name, hidden: true }));
}

it('starts all that is new', async () => {
  const onstart = open();
  await press('Start update');
  expect(onstart).toHaveBeenCalledWith({});
});

it('removes rows only after a second, explicit button', async () => {
  const onstart = open();
  await fireEvent.click(screen.getByLabelText(/From nothing/));
  await press('Continue');
  expect(onstart).not.toHaveBeenCalled();
  expect(screen.getByText(/All rows of 2 tables are removed/)).toBeTruthy();
  await press('Remove rows and start');
  expect(onstart).toHaveBeenCalledWith({ full_refresh_all: true });
});

it('refreshes the datasets that are chosen, and says when there are none', async () => {
  const onstart = open(['silver']);
  const silver = screen.getByLabelText('silver');
  await fireEvent.click(silver);
  expect(screen.getByText('Choose at least one dataset.')).toBeTruthy();
  await fireEvent.click(silver);
  await press('Start update');
  expect(onstart).toHaveBeenCalledWith({ refresh: ['silver'] });
});
